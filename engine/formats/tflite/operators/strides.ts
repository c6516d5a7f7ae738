/** What STRIDED_SLICE takes of one axis of the input. */
export interface Taken {
  readonly start: number;
  readonly end: number;
  readonly stride: number;
}

export interface StridedSlice {
  readonly begin: readonly number[];
  readonly end: readonly number[];
  readonly strides: readonly number[];
  readonly beginMask: number;
  readonly endMask: number;
  readonly newAxisMask: number;
  readonly shrinkAxisMask: number;
}

/**
 * The axes that STRIDED_SLICE takes, as TensorFlow's `tf.strided_slice` defines its masks. A bit of `newAxisMask` makes an
 * axis of the result that the input does not have; one of `shrinkAxisMask` takes a single index and drops the axis. An end
 * of −2³¹ stands for "beyond the first" where the stride is negative.
 *
 * @returns undefined where the lists do not fit the shape
 */
export function takenAxes(shape: readonly number[], slice: StridedSlice): Taken[] | undefined {
  const { begin, end, strides, beginMask, endMask, newAxisMask, shrinkAxisMask } = slice;
  if (begin.length !== end.length || begin.length !== strides.length || begin.length > 31) return undefined;
  const taken: Taken[] = [];
  for (const [item, first] of begin.entries()) {
    const has = (mask: number) => (mask & (1 << item)) !== 0;
    if (has(newAxisMask)) continue;
    const size = shape[taken.length];
    const stride = strides[item] ?? 1;
    if (size === undefined || stride === 0) return undefined;
    const isBack = stride < 0;
    const inside = (index: number) => {
      const front = index < 0 ? index + size : index;
      return Math.max(isBack ? -1 : 0, Math.min(isBack ? size - 1 : size, front));
    };
    const start = has(beginMask) ? (isBack ? size - 1 : 0) : inside(first);
    if (has(shrinkAxisMask)) {
      const only = first < 0 ? first + size : first;
      taken.push({ start: only, end: only + 1, stride: 1 });
      continue;
    }
    const last = has(endMask) ? (isBack ? -1 : size) : inside(end[item] ?? 0);
    taken.push({ start, end: last, stride });
  }
  while (taken.length < shape.length) taken.push({ start: 0, end: shape[taken.length] ?? 0, stride: 1 });
  return taken;
}
