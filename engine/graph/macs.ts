import type { Model } from "#engine/onnx/model.ts";
import { quote } from "#engine/onnx/quote.ts";
import { own } from "#engine/own.ts";
import {
  attentionMacs,
  convolutionMacs,
  einsumMacs,
  gemmMacs,
  matmulMacs,
  nbitsMacs,
  packedAttentionMacs,
  recurrentMacs,
  transposedMacs,
} from "./macs-rules.ts";
import { type InferOptions, inferShapes, type NodeVisit } from "./shapes/infer.ts";

/** The multiplications of one operator's run, or why they cannot be counted. */
export type MacRule = (visit: NodeVisit) => number | string;

const rules = new Map<string, MacRule>([
  ["Conv", convolutionMacs(1)],
  ["FusedConv", convolutionMacs(1)],
  ["ConvInteger", convolutionMacs(1)],
  ["QLinearConv", convolutionMacs(3)],
  ["ConvTranspose", transposedMacs],
  ["MatMul", matmulMacs],
  ["MatMulInteger", matmulMacs],
  ["MatMulIntegerToFloat", matmulMacs],
  ["DynamicQuantizeMatMul", matmulMacs],
  ["QLinearMatMul", matmulMacs],
  ["FusedMatMul", matmulMacs],
  ["TransposeMatMul", matmulMacs],
  ["MatMulNBits", nbitsMacs],
  ["Gemm", gemmMacs],
  ["FusedGemm", gemmMacs],
  ["QGemm", gemmMacs],
  ["Einsum", einsumMacs],
  ["RNN", recurrentMacs(1)],
  ["GRU", recurrentMacs(3)],
  ["LSTM", recurrentMacs(4)],
  ["DynamicQuantizeLSTM", recurrentMacs(4)],
  ["Attention", attentionMacs],
]);

/** Operators of the default domain that multiply and accumulate in ways this count does not model. */
const notModelled = new Set(["DeformConv", "DFT", "STFT", "CausalConvWithState", "LinearAttention"]);
const heavyNames = /Attention|MatMul|Conv|Gemm|LSTM|GRU|MoE|Linear(Classifier|Regressor)|SVM/;

interface LeftOut {
  readonly node: string;
  readonly reason: string;
}

/**
 * Multiply-accumulate operations of one run of the model: convolutions, matrix products, recurrent layers and
 * attention. Additions, activations, normalisation and pooling are not counted, as is customary. Work inside a loop
 * counts once for each turn where the number of turns is constant.
 */
export interface MacCount {
  /** Null where operators that count are there but none could be counted. */
  readonly macs: number | null;
  /** The first 100, and before them the rest of a model that could not be followed to its end. */
  readonly leftOut: readonly LeftOut[];
  readonly leftOutCount: number;
  /** Symbolic input dimensions and the size they were counted with. */
  readonly assumed: readonly {
    readonly input: string;
    readonly axis: number;
    readonly dim: string;
    readonly size: number;
  }[];
}

const maxLeftOut = 100;

/**
 * Counts with every symbolic input dimension taken as 1 (so: per sample, and per token for text), except the sizes
 * of images and other inputs of rank 4 and more beyond the first axis, which stay unknown.
 */
export function countMacs(model: Model, sizes: Readonly<Record<string, number>> = {}): MacCount {
  const assumed: MacCount["assumed"][number][] = [];
  const leftOut: LeftOut[] = [];
  let leftOutCount = 0;
  let total = 0;
  let counted = 0;
  const inputDim: NonNullable<InferOptions["inputDim"]> = (input, axis, dim, rank) => {
    if (typeof dim === "number") return dim;
    const given = dim === undefined ? undefined : own(sizes, dim);
    if (given === undefined && axis > 0 && rank >= 4) return dim;
    const size = given ?? 1;
    assumed.push({ input, axis, dim: dim ?? "?", size });
    return size;
  };
  const skip = (place: string, reason: string) => {
    leftOutCount++;
    if (leftOut.length < maxLeftOut) leftOut.push({ node: place, reason });
  };
  const shapes = inferShapes(model, {
    inputDim,
    onNode: (visit) => {
      const result = macsOf(visit);
      if (result === undefined) return;
      if (typeof result === "string") skip(visit.place, result);
      else if (visit.repeat === undefined) skip(visit.place, "it is not known how often it runs");
      else {
        total += result * visit.repeat;
        counted++;
      }
    },
  });
  if (!shapes.complete) {
    leftOutCount++;
    leftOut.unshift({
      node: "the rest of the model",
      reason: "calls and loops are nested too deeply to follow",
    });
  }
  return { macs: counted === 0 && leftOutCount > 0 ? null : total, leftOut, leftOutCount, assumed };
}

/** Undefined for operators that do not count. */
function macsOf(visit: NodeVisit): number | string | undefined {
  const { opType } = visit.node;
  if (visit.domain === "" || visit.domain === "com.microsoft") {
    const own = opType === "Attention" && visit.domain !== "" ? packedAttentionMacs : rules.get(opType);
    if (own !== undefined) return own(visit);
    const heavy = visit.domain === "" ? notModelled.has(opType) : heavyNames.test(opType);
    return heavy ? `the work of ${opType} is not modelled` : undefined;
  }
  if (visit.domain.startsWith("ai.onnx")) {
    return heavyNames.test(opType) ? `the work of ${opType} is not modelled` : undefined;
  }
  return `operators of domain ${quote(visit.domain)} are not known`;
}
