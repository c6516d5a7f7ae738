import { floatAttribute, removeAttribute, smallIntAttribute } from "#engine/onnx/attributes.ts";
import type { Node, Tensor } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { nodeRemark, reportName } from "../pass.ts";
import { doublesOf, isFloats, mayReplace, removeNodes, replaceInput, roundedLike } from "./constants.ts";
import {
  constantAt,
  inputOf,
  isRead,
  outputValue,
  type Part,
  type Site,
  soleProducer,
  standardSites,
} from "./draft.ts";

/** y = x·factor + shift, one number per channel. */
interface Affine {
  readonly factor: Float64Array;
  readonly mean: Float64Array;
  readonly bias: Float64Array;
}

/**
 * BatchNormalization as it is when a model is run, y = scale·(x − mean)/√(var + ε) + bias, becomes part of the Conv,
 * ConvTranspose, Gemm or MatMul before it: with s = scale/√(var + ε), W' = s·W per output channel and
 * b' = s·(b − mean) + bias. Computed in float64, rounded once.
 */
export const fuseBatchNorm: Part = (draft) => {
  const gone = new Set<Node>();
  const touched = new Set<Node>();
  for (const site of standardSites(draft)) {
    if (site.node.opType !== "BatchNormalization") continue;
    const producer = inputOf(site, 0)?.producer;
    if (producer === undefined || !fusable.has(producer.opType) || touched.has(producer)) continue;
    const reason = fuse(site);
    if (reason !== undefined) {
      draft.log.skip(reportName(site.node), reason);
      continue;
    }
    gone.add(site.node);
    touched.add(producer);
    draft.log.changed(
      "fuse_batch_norm",
      reportName(site.node),
      say("simplify.fused", { node: nodeRemark(producer) }),
    );
  }
  removeNodes(draft, gone);
};

const fusable = new Set(["Conv", "ConvTranspose", "Gemm", "MatMul"]);

/** What is said of constants that are none, or are defaults that callers may override. */
const parameters = ["parametersVary", "parametersDefault"] as const;
const weightsBefore = ["weightsVary", "weightsDefault"] as const;
const biasBefore = ["biasVaries", "biasDefault"] as const;

/** Does it, or says why not. */
function fuse(site: Site): EngineRemark | undefined {
  const { node, draft } = site;
  if (!isInference(site)) return say("simplify.batchStatistics");
  const layer = soleProducer(site, 0, ...fusable);
  if (layer === undefined) return say("simplify.otherReaders");
  if (site.opset < 7 && !layer.node.opType.startsWith("Conv")) return say("simplify.biasOpset");
  const affine = affineOf(site);
  if (affine === undefined) return notConstant(site, [1, 2, 3, 4], parameters);
  const weight = constantAt(layer, 1);
  const weightValue = inputOf(layer, 1);
  if (weightValue === undefined || !isFloats(weight)) {
    return notConstant(layer, [1], weightsBefore);
  }
  const channels = channelsOf(layer, weight);
  if (channels === undefined || channels.count !== affine.factor.length) return say("simplify.oddChannels");
  const old = biasOf(layer, channels.count);
  if (old === undefined) return notConstant(layer, [2], biasBefore);
  if (!mayReplace(draft, weightValue, weight)) return say("simplify.sharedWeights");
  const values = doublesOf(weight) ?? new Float64Array();
  const fresh = values.map((value, at) => value * (affine.factor[channels.at(at)] ?? 0));
  const bias = old.map(
    (value, at) => (affine.factor[at] ?? 0) * (value - (affine.mean[at] ?? 0)) + (affine.bias[at] ?? 0),
  );
  const [newWeight, newBias] = [
    roundedLike(weight, weight.dims, fresh),
    roundedLike(weight, [channels.count], bias),
  ];
  if (!allFinite(newWeight) || !allFinite(newBias)) return say("simplify.notFinite");
  replaceInput(layer, 1, newWeight);
  replaceInput(layer, 2, newBias);
  if (layer.node.opType === "MatMul") layer.node.opType = "Gemm";
  // The old bias was taken with its factor already.
  if (layer.node.opType === "Gemm") removeAttribute(layer.node, "beta");
  layer.node.output = [node.output[0] ?? ""];
  return undefined;
}

function notConstant(
  site: Site,
  positions: readonly number[],
  [vary, overridden]: typeof parameters | typeof weightsBefore | typeof biasBefore,
): EngineRemark {
  const overridable = positions.some((position) => {
    const value = inputOf(site, position);
    return value?.isInput && value.initializer !== undefined;
  });
  return say(`simplify.${overridable ? overridden : vary}`);
}

function isInference(site: Site): boolean {
  const { node, opset } = site;
  if (node.output.slice(1).some((_, at) => isRead(outputValue(site, at + 1)))) return false;
  if (opset < 7) return smallIntAttribute(node, "is_test") === 1;
  if (opset < 9 && smallIntAttribute(node, "spatial") === 0) return false;
  return (smallIntAttribute(node, "training_mode") ?? 0) === 0;
}

function affineOf(site: Site): Affine | undefined {
  const [scale, bias, mean, variance] = [1, 2, 3, 4].map((position) => doublesOf(constantAt(site, position)));
  if (scale === undefined || bias === undefined || mean === undefined || variance === undefined)
    return undefined;
  if ([bias, mean, variance].some((list) => list.length !== scale.length)) return undefined;
  const epsilon = floatAttribute(site.node, "epsilon") ?? Math.fround(1e-5);
  return { factor: scale.map((value, at) => value / Math.sqrt((variance[at] ?? 0) + epsilon)), mean, bias };
}

/** How many channels come out, and to which of them an element of the weights belongs. */
function channelsOf(
  { node, draft, scope }: Site,
  weight: Tensor,
): { count: number; at(flat: number): number } | undefined {
  const [rows = 0, columns = 0, ...kernel] = weight.dims;
  if (node.opType === "Conv") {
    const size = columns * kernel.reduce((a, b) => a * b, 1);
    return weight.dims.length < 3 ? undefined : { count: rows, at: (flat) => Math.floor(flat / size) };
  }
  if (node.opType === "ConvTranspose") {
    const groups = smallIntAttribute(node, "group") ?? 1;
    const size = kernel.reduce((a, b) => a * b, 1);
    if (weight.dims.length < 3 || groups < 1 || rows % groups !== 0) return undefined;
    // W is [C, M/groups, kernel]: the group of the input channel decides to which outputs it goes.
    const at = (flat: number) => {
      const [row, column] = [Math.floor(flat / (size * columns)), Math.floor(flat / size) % columns];
      return Math.floor(row / (rows / groups)) * columns + column;
    };
    return { count: columns * groups, at };
  }
  if (weight.dims.length !== 2) return undefined;
  // A product of more axes has its channels elsewhere.
  if (node.opType === "MatMul" && draft.info(scope, node.input[0] ?? "")?.shape?.length !== 2)
    return undefined;
  const transposed = node.opType === "Gemm" && (smallIntAttribute(node, "transB") ?? 0) !== 0;
  if (transposed) return { count: rows, at: (flat) => Math.floor(flat / columns) };
  return { count: columns, at: (flat) => flat % columns };
}

/** The bias per channel, zeros where there is none. */
function biasOf(layer: Site, count: number): Float64Array | undefined {
  if (layer.node.opType === "MatMul" || (layer.node.input[2] ?? "") === "") return new Float64Array(count);
  const tensor = constantAt(layer, 2);
  const values = doublesOf(tensor);
  if (values === undefined || tensor === undefined) return undefined;
  const beta = layer.node.opType === "Gemm" ? (floatAttribute(layer.node, "beta") ?? 1) : 1;
  if (values.length === 1) return new Float64Array(count).fill((values[0] ?? 0) * beta);
  if (values.length !== count || tensor.dims.at(-1) !== count) return undefined;
  return values.map((value) => value * beta);
}

function allFinite(tensor: Tensor): boolean {
  return doublesOf(tensor)?.every((value) => Number.isFinite(value)) ?? false;
}
