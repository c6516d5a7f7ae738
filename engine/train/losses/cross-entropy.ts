import { makeInt } from "#engine/onnx/attributes.ts";
import type { Emitter } from "../autodiff/emitter.ts";
import type { Operand } from "../autodiff/operand.ts";
import { add, asFloat, div, exp, mul, neg, reduceSum, reshape, sub } from "../autodiff/tensors.ts";
import { type LossNodes, rowsOf, scaledSum } from "./loss.ts";

/**
 * Cross-entropy of logits [N…, C] with class numbers [N…]: the mean over the rows of −Σ t log softmax(z), where t is 1 − ε
 * at the class plus ε / C everywhere (label smoothing, Szegedy et al. 2016). Its gradient is (softmax(z) − t) / rows.
 *
 * @param labels int64, from 0 to C − 1
 */
export function crossEntropy(
  emit: Emitter,
  logits: Operand,
  labels: Operand,
  { smoothing = 0 }: { readonly smoothing?: number } = {},
): LossNodes {
  const rows = rowsOf(logits);
  const logs = logSoftmax(emit, logits);
  const target = targets(emit, logits, labels, smoothing);
  return {
    loss: scaledSum(emit, mul(emit, target, logs), -1 / rows),
    gradient: mul(emit, sub(emit, exp(emit, logs), target), 1 / rows),
  };
}

/**
 * As `crossEntropy`, over the rows whose label is not negative: the loss of masked language models, which are asked for
 * some tokens only (Devlin et al. 2019). Without any such row loss and gradient are 0.
 */
export function maskedCrossEntropy(emit: Emitter, logits: Operand, labels: Operand): LossNodes {
  const logs = logSoftmax(emit, logits);
  const zero = emit.int(0);
  const known = emit.op("GreaterOrEqual", [labels, zero], labels.dims);
  const classes = emit.op("Max", [labels, zero], labels.dims);
  const target = targets(emit, logits, classes, 0);
  const weights = asFloat(emit, known);
  const axes = weights.dims.map((_, axis) => axis);
  const asked = reduceSum(emit, weights, axes, false);
  const share = div(emit, weights, emit.op("Max", [asked, emit.scalar(1)], []));
  const each = reshape(emit, share, [...weights.dims, 1]);
  return {
    loss: neg(emit, scaledSum(emit, mul(emit, mul(emit, target, logs), each), 1)),
    gradient: mul(emit, sub(emit, exp(emit, logs), target), each),
  };
}

export function logSoftmax(emit: Emitter, logits: Operand): Operand {
  return emit.op("LogSoftmax", [logits], logits.dims, [makeInt("axis", -1)]);
}

function targets(emit: Emitter, logits: Operand, labels: Operand, smoothing: number): Operand {
  const classes = logits.dims.at(-1) ?? 1;
  const values = emit.floats([2], Float32Array.of(0, 1 - smoothing));
  const hot = emit.op("OneHot", [labels, emit.int(classes), values], logits.dims, [makeInt("axis", -1)]);
  return smoothing === 0 ? hot : add(emit, hot, smoothing / classes);
}
