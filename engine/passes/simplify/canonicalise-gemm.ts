import { floatAttribute, removeAttribute, smallIntAttribute } from "#engine/onnx/attributes.ts";
import { dtypeOfCode, dtypes } from "#engine/onnx/dtypes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Node, Tensor } from "#engine/onnx/model.ts";
import { readTensor } from "#engine/onnx/tensor.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { reportName } from "../pass.ts";
import { doublesOf, isFloats, mayReplace, removeNodes, replaceInput, roundedLike } from "./constants.ts";
import { constantAt, infoOf, inputOf, type Part, type Site, soleProducer, standardSites } from "./draft.ts";

/** Element types of Gemm in every opset that is run here. */
const gemmTypes = new Set<number>([dtypes.float32.code, dtypes.float64.code, dtypes.float16.code]);

/** A matrix product and the addition of a bias become one Gemm. */
export const joinBias: Part = (draft) => {
  const gone = new Set<Node>();
  for (const site of standardSites(draft)) {
    if (site.node.opType !== "Add" || site.opset < 7 || site.node.input.length !== 2) continue;
    for (const position of [0, 1]) {
      const product = soleProducer(site, position, "MatMul");
      const bias = constantAt(site, 1 - position);
      if (product === undefined || bias === undefined || gone.has(product.node) || !suits(product, bias))
        continue;
      const { node } = site;
      node.opType = "Gemm";
      node.input = [...product.node.input, node.input[1 - position] ?? ""];
      node.name = product.node.name;
      node.attribute = [];
      gone.add(product.node);
      draft.log.changed("canonicalise_gemm", reportName(node), say("simplify.gemmOfMatMul"));
      break;
    }
  }
  removeNodes(draft, gone);
};

/** Matrices, and a bias that is one row or one number. */
function suits(product: Site, bias: Tensor): boolean {
  const [a, b] = [infoOf(product, 0), infoOf(product, 1)];
  if (a?.shape?.length !== 2 || b?.shape?.length !== 2 || !gemmTypes.has(bias.dataType)) return false;
  // ONNX Runtime recognises quantised products by their shape: MatMul between DequantizeLinear nodes.
  const quantized = [0, 1].some((at) => inputOf(product, at)?.producer?.opType === "DequantizeLinear");
  if (quantized || bias.dims.length > 2) return false;
  if (bias.dims.every((dim) => dim === 1)) return true;
  return bias.dims.at(-1) === b.shape[1] && (bias.dims.length === 1 || bias.dims[0] === 1);
}

/** Factors and transpositions of a Gemm go into its constants. */
export const foldGemm: Part = (draft) => {
  for (const site of standardSites(draft)) {
    if (site.node.opType !== "Gemm" || site.opset < 7) continue;
    foldBeta(site);
    foldAlpha(site);
    for (const [position, attribute] of [
      [0, "transA"],
      [1, "transB"],
    ] as const) {
      foldTransposition(site, position, attribute);
    }
  }
};

const sharedReason = say("simplify.sharedConstant");

function changed({ draft, node }: Site, what: EngineRemark): void {
  draft.log.changed("canonicalise_gemm", reportName(node), what);
}

function foldBeta(site: Site): void {
  const { node } = site;
  const beta = floatAttribute(node, "beta") ?? 1;
  if (beta === 1 || (node.input[2] ?? "") === "") return;
  if (beta === 0 && site.opset >= 11) {
    node.input = node.input.slice(0, 2);
    removeAttribute(node, "beta");
    changed(site, say("simplify.gemmNoBias"));
  } else if (scaleInput(site, 2, beta)) {
    removeAttribute(node, "beta");
    changed(site, say("simplify.gemmBeta", { value: String(beta) }));
  }
}

function foldAlpha(site: Site): void {
  const { node } = site;
  const alpha = floatAttribute(node, "alpha") ?? 1;
  if (alpha === 1 || (!scaleInput(site, 1, alpha) && !scaleInput(site, 0, alpha))) return;
  removeAttribute(node, "alpha");
  changed(site, say("simplify.gemmAlpha", { value: String(alpha) }));
}

function scaleInput(site: Site, position: number, factor: number): boolean {
  const value = inputOf(site, position);
  const tensor = constantAt(site, position);
  if (value === undefined || !isFloats(tensor)) return false;
  if (!mayReplace(site.draft, value, tensor)) {
    site.draft.log.skip(reportName(site.node), sharedReason);
    return false;
  }
  const values = doublesOf(tensor);
  if (values === undefined) return false;
  const fresh = roundedLike(
    tensor,
    tensor.dims,
    values.map((old) => old * factor),
  );
  if (!doublesOf(fresh)?.every(Number.isFinite)) return false;
  replaceInput(site, position, fresh);
  return true;
}

function foldTransposition(site: Site, position: number, attribute: string): void {
  const { node, draft } = site;
  if ((smallIntAttribute(node, attribute) ?? 0) === 0) return;
  const value = inputOf(site, position);
  const tensor = constantAt(site, position);
  if (value === undefined || tensor === undefined || tensor.dims.length !== 2) return;
  if (!mayReplace(draft, value, tensor)) {
    draft.log.skip(reportName(node), sharedReason);
    return;
  }
  const turned = transposed(tensor);
  if (turned === undefined) return;
  replaceInput(site, position, turned);
  removeAttribute(node, attribute);
  changed(site, say("simplify.gemmTransposed", { attribute }));
}

/** The matrix transposed, whatever the width of its elements. */
function transposed(tensor: Tensor): Tensor | undefined {
  const dtype = dtypeOfCode(tensor.dataType);
  if (dtype === undefined || dtype === "string" || dtypes[dtype].bits < 8) return undefined;
  const values = readTensor(tensor);
  const [rows = 0, columns = 0] = tensor.dims;
  if (values.length !== rows * columns) return undefined;
  const out = values.slice();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const from = values[row * columns + column];
      if (from !== undefined) (out as Record<number, number | bigint>)[column * rows + row] = from;
    }
  }
  return makeTensor("", dtype, [columns, rows], out);
}
