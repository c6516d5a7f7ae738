import type { Labels } from "#engine/evaluate/dataset/labels.ts";
import type { HostTensor } from "#engine/evaluate/tensors/tensor.ts";
import { failure } from "#engine/failure.ts";
import { say } from "#engine/say.ts";
import { sizeOf } from "./autodiff/operand.ts";
import type { TargetForm } from "./losses/index.ts";

/**
 * Looks at the labels of all rows before a training starts.
 *
 * @param classes that the model tells apart
 * @throws EngineError "data-mismatch" that names the first item whose label is out of range, and how many there are
 */
export function checkLabels(labels: Labels, rows: Uint32Array, form: TargetForm, classes: number): void {
  if (form.dtype !== "int64") {
    const perItem = sizeOf(form.dims.slice(1));
    if (perItem !== 1) throw failure("data-mismatch", say("training.labelPerItem", { count: perItem }));
    if (labels.kind !== "value") return;
    const odd = rows.filter((row) => !Number.isFinite(labels.values[row]));
    const [row, more] = [String(odd[0]), odd.length - 1];
    if (more === 0) throw failure("data-mismatch", say("training.labelNotFinite", { row }));
    if (more > 0) throw failure("data-mismatch", say("training.labelsNotFinite", { row, more }));
    return;
  }
  if (labels.kind !== "class") throw failure("data-mismatch", say("training.labelKind"));
  const odd = rows.filter((row) => (labels.values[row] ?? 0) >= classes);
  const [row, more] = [String(odd[0]), odd.length - 1];
  if (more === 0) throw failure("data-mismatch", say("training.labelOutOfRange", { row, classes }));
  if (more > 0) throw failure("data-mismatch", say("training.labelsOutOfRange", { row, more, classes }));
}

/** The labels of a batch, as the loss takes them. */
export function targetTensor(labels: Labels, rows: Uint32Array, form: TargetForm): HostTensor {
  const { dims } = form;
  if (form.dtype === "int64")
    return { dtype: "int64", dims, data: BigInt64Array.from(rows, (row) => BigInt(labels.values[row] ?? 0)) };
  return { dtype: "float32", dims, data: Float32Array.from(rows, (row) => labels.values[row] ?? 0) };
}
