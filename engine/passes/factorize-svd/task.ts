import { float16Array } from "#engine/onnx/floats.ts";
import { bytesOf, type LazyBytes } from "#engine/onnx/lazy.ts";
import { energies, lowRank, type Weighting } from "../../linear-algebra/low-rank.ts";
import { type Matrix, matrixOf, transposed } from "../../linear-algebra/matrix.ts";
import { floatsOf } from "../pieces.ts";
import { defineTask } from "../pool.ts";
import { chooseRank } from "./ranks.ts";

export interface TaskInput {
  /** rows × columns float32 values. */
  readonly bytes: Uint8Array | LazyBytes;
  readonly rows: number;
  readonly columns: number;
  readonly flipped: boolean;
  readonly weighting: Weighting | undefined;
  readonly half: boolean;
  readonly unit: number;
  /** Undefined: energies only. */
  readonly wish: { readonly rank: number } | { readonly energy: number } | undefined;
  /** Beyond this rank nothing is saved, and no factors are made. */
  readonly mostRank: number;
}

export interface TaskOutput {
  readonly energies: Float64Array;
  /** 0 where none was asked for. */
  readonly rank: number;
  /** Values ≈ left · right, rows × rank and rank × columns, in the type of the weight. */
  readonly factors:
    | { readonly left: Float32Array | Uint16Array; readonly right: Float32Array | Uint16Array }
    | undefined;
}

/** The decomposition of one weight, for any core. */
export function work(input: TaskInput): TaskOutput {
  const { bytes, rows, columns, flipped, weighting, wish, unit, mostRank } = input;
  const stored = matrixOf(floatsOf(bytesOf(bytes)), rows, columns);
  const w = flipped ? transposed(stored) : stored;
  if (wish === undefined) return { energies: energies(w, weighting), rank: 0, factors: undefined };
  const found = lowRank(w, weighting);
  const rank = chooseRank(found.energies, unit, wish);
  if (rank > mostRank) return { energies: found.energies, rank, factors: undefined };
  const { p, q } = found.factors(rank);
  const left = flipped ? copyOf(transposed(matrixOf(q, rank, rows))) : p;
  const right = flipped ? copyOf(transposed(matrixOf(p, columns, rank))) : q;
  const round = (numbers: Float64Array) => (input.half ? float16Array(numbers) : Float32Array.from(numbers));
  return { energies: found.energies, rank, factors: { left: round(left), right: round(right) } };
}

/** Row by row. */
export function copyOf({ values, rows, columns, rowStride, columnStride }: Matrix): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      out[row * columns + column] = values[row * rowStride + column * columnStride]!;
    }
  }
  return out;
}

export const decompose = defineTask<typeof work>(import.meta.url);
