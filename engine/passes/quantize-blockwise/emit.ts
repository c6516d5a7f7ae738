import { makeInt, makeNode } from "#engine/onnx/attributes.ts";
import type { Node } from "#engine/onnx/model.ts";
import { microsoftDomain } from "../domains.ts";
import type { Format } from "./blocks.ts";
import { matrixShape, type Plan } from "./plan.ts";
import type { StoredWeight } from "./store.ts";

/** Makers of unused names. */
export interface Names {
  value(wanted: string): string;
  node(wanted: string): string;
}

/** The nodes that take a planned node's place. */
export function emit(
  plan: Plan,
  weight: StoredWeight,
  format: Format,
  accuracy: number,
  names: Names,
): Node[] {
  const { node } = plan;
  const suffixed = (suffix: string) => (node.name ? names.node(node.name + suffix) : node.name);
  const zeroPoints = weight.zeroPoints === undefined ? [] : [weight.zeroPoints];
  const output = node.output[0] ?? "";
  const shape = [makeInt("bits", format.bits), makeInt("block_size", format.blockSize)];
  if (plan.kind === "gather") {
    const inputs = [weight.table, node.input[1] ?? "", weight.scales, ...zeroPoints];
    const attribute = [
      ...shape,
      makeInt("gather_axis", 0),
      makeInt("quantize_axis", plan.weight.tensor.dims.length - 1),
    ];
    return [
      makeNode("GatherBlockQuantized", inputs, [output], {
        name: suffixed(`_Q${format.bits}`),
        domain: microsoftDomain,
        attribute,
      }),
    ];
  }
  const { rows, columns } = matrixShape(plan.weight);
  const bias = node.opType === "Gemm" ? (node.input[2] ?? "") : "";
  const product = bias === "" ? output : names.value(`${output}_MatMul`);
  const attribute = [makeInt("K", rows), makeInt("N", columns)];
  // Zero is the default, which only ONNX Runtime's own provider knows by its name.
  if (accuracy > 0) attribute.push(makeInt("accuracy_level", accuracy));
  const inputs = [node.input[0] ?? "", weight.matrix, weight.scales, ...zeroPoints];
  const nodes = [
    makeNode("MatMulNBits", inputs, [product], {
      name: suffixed(node.opType === "Gemm" ? `_MatMul_Q${format.bits}` : `_Q${format.bits}`),
      domain: microsoftDomain,
      attribute: [...attribute, ...shape],
    }),
  ];
  if (bias !== "") nodes.push(makeNode("Add", [product, bias], [output], { name: suffixed("_Add") }));
  return nodes;
}
