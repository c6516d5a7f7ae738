import { dtypeOfCode } from "#engine/onnx/dtypes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Tensor } from "#engine/onnx/model.ts";
import { readTensor } from "#engine/onnx/tensor.ts";
import { type Perm, permuted } from "./perm.ts";

/** A tensor with its axes in another order; undefined for types whose values cannot be moved one by one. */
export function transposeTensor(tensor: Tensor, perm: Perm, name: string): Tensor | undefined {
  const dtype = dtypeOfCode(tensor.dataType);
  if (dtype === undefined || dtype === "string" || dtype.startsWith("complex")) return undefined;
  const values = readTensor(tensor);
  const made = values.slice();
  const dims = permuted(tensor.dims, perm);
  const strides = permuted(stridesOf(tensor.dims), perm);
  const place = dims.map(() => 0);
  let from = 0;
  for (let to = 0; to < made.length; to++) {
    made[to] = values[from] ?? 0;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const [size = 1, stride = 0, at = 0] = [dims[axis], strides[axis], place[axis]];
      from += stride;
      if (at + 1 < size) {
        place[axis] = at + 1;
        break;
      }
      place[axis] = 0;
      from -= size * stride;
    }
  }
  return makeTensor(name, dtype, dims, made);
}

function stridesOf(dims: readonly number[]): number[] {
  const strides: number[] = [];
  let stride = 1;
  for (const [at, size] of [...dims.entries()].reverse()) {
    strides[at] = stride;
    stride *= size;
  }
  return strides;
}
