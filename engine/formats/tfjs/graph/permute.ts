import type { Weight } from "../artifact/weights.ts";

/** The data of a tensor with its axes in another order, row-major again. */
export function permute(
  data: Weight["data"],
  dims: readonly number[],
  order: readonly number[],
): Weight["data"] {
  const strides = stridesOf(dims);
  const outDims = order.map((axis) => dims[axis] ?? 1);
  const steps = order.map((axis) => strides[axis] ?? 1);
  const out = data.slice();
  const index = outDims.map(() => 0);
  let from = 0;
  for (let at = 0; at < out.length; at++) {
    out[at] = data[from] ?? 0;
    for (let axis = outDims.length - 1; axis >= 0; axis--) {
      const step = steps[axis] ?? 0;
      const next = (index[axis] ?? 0) + 1;
      from += step;
      if (next < (outDims[axis] ?? 1)) {
        index[axis] = next;
        break;
      }
      from -= next * step;
      index[axis] = 0;
    }
  }
  return out;
}

function stridesOf(dims: readonly number[]): number[] {
  const strides = dims.map(() => 1);
  for (let axis = dims.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] ?? 1) * (dims[axis + 1] ?? 1);
  }
  return strides;
}
