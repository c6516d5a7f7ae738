import { forEachLine } from "../pruning/lines.ts";
import type { Layer } from "./layer.ts";

/**
 * |W_ij| · ‖X_j‖₂ for every weight, in float64, in the weight's own order. A weight that is NaN scores infinity and
 * therefore stays.
 */
export function scoresOf({ rows, squares, groups }: Layer, values: Float32Array): Float64Array {
  const norms = squares.map(Math.sqrt);
  const scores = new Float64Array(values.length);
  const rowsPerGroup = (rows.outer * rows.inner) / groups;
  forEachLine(rows, (start, stride, line) => {
    const offset = groups === 1 ? 0 : Math.floor(line / rowsPerGroup) * rows.length;
    for (let j = 0; j < rows.length; j++) {
      const at = start + j * stride;
      const score = Math.abs(values[at] ?? 0) * (norms[offset + j] ?? 0);
      scores[at] = Number.isNaN(score) ? Number.POSITIVE_INFINITY : score;
    }
  });
  return scores;
}
