import type { Emitter } from "../autodiff/emitter.ts";
import { type Operand, sizeOf } from "../autodiff/operand.ts";
import {
  add,
  div,
  exp,
  mul,
  neg,
  reduceSum,
  sigmoid,
  softplus,
  sqrt,
  sub,
  transpose,
} from "../autodiff/tensors.ts";
import { logSoftmax } from "./cross-entropy.ts";
import { type LossNodes, rowsOf, scaledSum } from "./loss.ts";

/**
 * How far a student's logits are from a teacher's: T² KL(p_teacher ‖ p_student), both softened by the temperature T, mean
 * over the rows (Hinton, Vinyals and Dean 2015; T² keeps the size of the gradient). Its gradient is T (p_s − p_t) / rows.
 */
export function softenedDivergence(
  emit: Emitter,
  student: Operand,
  teacher: Operand,
  temperature: number,
): LossNodes {
  const rows = rowsOf(student);
  const soften = (logits: Operand) =>
    logSoftmax(emit, temperature === 1 ? logits : mul(emit, logits, 1 / temperature));
  const [ours, theirs] = [soften(student), soften(teacher)];
  const probable = exp(emit, theirs);
  return {
    loss: scaledSum(emit, mul(emit, probable, sub(emit, theirs, ours)), temperature ** 2 / rows),
    gradient: mul(emit, sub(emit, exp(emit, ours), probable), temperature / rows),
  };
}

/**
 * The same for answers of yes or no, of which a logit is given each: T² KL between the two probabilities, mean over all
 * values. Its gradient is T (σ(z_s / T) − σ(z_t / T)) / n.
 */
export function softenedBinaryDivergence(
  emit: Emitter,
  student: Operand,
  teacher: Operand,
  temperature: number,
): LossNodes {
  const count = sizeOf(student.dims);
  const soften = (logits: Operand) => (temperature === 1 ? logits : mul(emit, logits, 1 / temperature));
  const [ours, theirs] = [soften(student), soften(teacher)];
  // With log σ(x) = −softplus(−x) and log σ(−x) = log σ(x) − x.
  const gap = sub(emit, softplus(emit, neg(emit, ours)), softplus(emit, neg(emit, theirs)));
  const against = mul(emit, sigmoid(emit, neg(emit, theirs)), sub(emit, ours, theirs));
  const lean = sub(emit, sigmoid(emit, ours), sigmoid(emit, theirs));
  return {
    loss: scaledSum(emit, add(emit, gap, against), temperature ** 2 / count),
    gradient: mul(emit, lean, temperature / count),
  };
}

/** Keeps the quotient usable where a row is zero. */
const smallest = 1e-12;

/**
 * 1 − cos(a, b) of each row, mean over the rows: hidden states of a student against those of a teacher (DistilBERT, Sanh et
 * al. 2019). With unit rows â and b̂ its gradient is −(b̂ − cos · â) / (|a| · rows).
 */
export function cosineDistance(emit: Emitter, student: Operand, teacher: Operand): LossNodes {
  const rows = rowsOf(student);
  const last = [student.dims.length - 1];
  const norm = (x: Operand) => {
    const squares = reduceSum(emit, mul(emit, x, x), last);
    return sqrt(emit, emit.op("Max", [squares, emit.scalar(smallest)], squares.dims));
  };
  const size = norm(student);
  const [ours, theirs] = [div(emit, student, size), div(emit, teacher, norm(teacher))];
  const cosine = reduceSum(emit, mul(emit, ours, theirs), last);
  const side = sub(emit, mul(emit, cosine, ours), theirs);
  const one = emit.op("Sub", [emit.scalar(1), cosine], cosine.dims);
  return {
    loss: scaledSum(emit, one, 1 / rows),
    gradient: mul(emit, div(emit, side, size), 1 / rows),
  };
}

/** A loss of rows on the values of images or series [N, C, …]: each place is a row, its channels are the columns. */
export function perPlace(
  loss: (emit: Emitter, student: Operand, teacher: Operand) => LossNodes,
): (emit: Emitter, student: Operand, teacher: Operand) => LossNodes {
  return (emit, student, teacher) => {
    const rank = student.dims.length;
    const back = [0, rank - 1, ...Array.from({ length: rank - 2 }, (_, axis) => axis + 1)];
    const turn = [0, ...Array.from({ length: rank - 2 }, (_, axis) => axis + 2), 1];
    const turned = (x: Operand) => transpose(emit, x, turn);
    const nodes = loss(emit, turned(student), turned(teacher));
    return { loss: nodes.loss, gradient: transpose(emit, nodes.gradient, back) };
  };
}
