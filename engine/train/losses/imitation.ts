import type { Emitter } from "../autodiff/emitter.ts";
import type { Operand } from "../autodiff/operand.ts";
import { div, exp, mul, reduceSum, sqrt, sub } from "../autodiff/tensors.ts";
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
