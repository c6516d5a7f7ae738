import { EngineError } from "#engine/error.ts";
import type { Labels } from "#engine/evaluate/dataset/labels.ts";
import type { HostTensor } from "#engine/evaluate/tensors/tensor.ts";
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
    if (perItem !== 1)
      throw new EngineError(
        "data-mismatch",
        `The model gives ${perItem} numbers for an item, and its label is one; choose a loss for classes, or another output`,
      );
    const odd = labels.kind === "value" ? rows.filter((row) => !Number.isFinite(labels.values[row])) : [];
    if (odd.length > 0) throw outOfRange(odd, "is no finite number");
    return;
  }
  if (labels.kind !== "class")
    throw new EngineError("data-mismatch", "Cross-entropy needs labels that are classes; these are numbers");
  const odd = rows.filter((row) => (labels.values[row] ?? 0) >= classes);
  if (odd.length > 0)
    throw outOfRange(odd, `is not one of the ${classes} classes that the model tells apart`);
}

function outOfRange(rows: ArrayLike<number>, what: string): EngineError {
  const more = rows.length > 1 ? ` (and of ${rows.length - 1} more)` : "";
  return new EngineError("data-mismatch", `The label of item ${rows[0]}${more} ${what}`);
}

/** The labels of a batch, as the loss takes them. */
export function targetTensor(labels: Labels, rows: Uint32Array, form: TargetForm): HostTensor {
  const { dims } = form;
  if (form.dtype === "int64")
    return { dtype: "int64", dims, data: BigInt64Array.from(rows, (row) => BigInt(labels.values[row] ?? 0)) };
  return { dtype: "float32", dims, data: Float32Array.from(rows, (row) => labels.values[row] ?? 0) };
}
