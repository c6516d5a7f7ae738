import { ArithmeticDecoder, ArithmeticEncoder, type Coder, type Contexts, contexts } from "./arithmetic.ts";

/** A matrix of few values, most of them zero: rows × columns places in a code book, 0 for zero. */
export interface PlaceMatrix {
  readonly columns: number;
  readonly places: Uint16Array;
}

/** Classes of how full a column has been so far. */
const classes = 12;
const placeBits = 9;

/**
 * Bytes of the places by adaptive arithmetic coding: for each place whether it is zero, by how full its column was so far
 * and whether the two places before it are, then its value bit by bit. Decoded again as a proof.
 *
 * @throws Error where decoding gives something else
 */
export function arithmeticBytes({ columns, places }: PlaceMatrix): number {
  const encoder = new ArithmeticEncoder();
  walk(encoder, columns, places, Uint16Array.from(places));
  const bytes = encoder.finish();
  const decoded = new Uint16Array(places.length);
  walk(new ArithmeticDecoder(bytes), columns, decoded, undefined);
  if (decoded.some((place, at) => place !== places[at]))
    throw new Error("The arithmetic code does not decode");
  return bytes.length;
}

/** The same walk writes and reads, so that both see the same contexts. */
function walk(coder: Coder, columns: number, out: Uint16Array, source: Uint16Array | undefined): void {
  const zeros: Contexts = contexts(classes * 4);
  const values: Contexts = contexts(1 << placeBits);
  const columnCounts = new Uint32Array(columns);
  for (let at = 0; at < out.length; at++) {
    const column = at % columns;
    const row = Math.floor(at / columns);
    const left = column > 0 && out[at - 1] !== 0 ? 1 : 0;
    const further = column > 1 && out[at - 2] !== 0 ? 1 : 0;
    const context = fullness(columnCounts[column]!, row) * 4 + left * 2 + further;
    const wanted = source?.[at] ?? 0;
    if (coder.bit(zeros, context, wanted === 0 ? 0 : 1) === 0) {
      out[at] = 0;
      continue;
    }
    let node = 1;
    for (let bit = placeBits - 2; bit >= 0; bit--)
      node = node * 2 + coder.bit(values, node, (wanted >> bit) & 1);
    out[at] = node - (1 << (placeBits - 1));
    columnCounts[column]!++;
  }
}

/** By powers of the root of two of the share that is not zero. */
function fullness(count: number, seen: number): number {
  const share = (count + 0.4) / (seen + 8);
  return Math.max(0, Math.min(classes - 1, Math.floor(13.5 + 2 * Math.log2(share) + (seen === 0 ? 3 : 0))));
}
