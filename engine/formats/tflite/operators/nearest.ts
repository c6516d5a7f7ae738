/** How an image's coordinates go into another size. */
export interface Grid {
  readonly from: number;
  readonly to: number;
  readonly isAligned: boolean;
  readonly isHalf: boolean;
}

/**
 * The pixel that each pixel of the result is taken from (`GetNearestNeighbor` of
 * tensorflow/lite/kernels/internal/reference/resize_nearest_neighbor.h), in float32 as there.
 */
export function nearestIndices({ from, to, isAligned, isHalf }: Grid): number[] {
  const scale = isAligned && to > 1 ? Math.fround((from - 1) / (to - 1)) : Math.fround(from / to);
  return Array.from({ length: to }, (_, at) => {
    const place = Math.fround((at + (isHalf ? 0.5 : 0)) * scale);
    const index = isAligned ? Math.floor(place + 0.5) : Math.floor(place);
    return Math.max(0, Math.min(from - 1, index));
  });
}
