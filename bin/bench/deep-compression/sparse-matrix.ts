import { ArithmeticDecoder, ArithmeticEncoder, type Coder, type Contexts, contexts } from "./arithmetic.ts";

/** A matrix of few values, most of them zero: rows × columns places in a code book, 0 for zero. */
export interface PlaceMatrix {
  readonly columns: number;
  readonly places: Uint16Array;
}

/** Classes of how full a row or column has been so far. */
const classes = 8;
const placeBits = 9;

/**
 * Bytes of the places by adaptive arithmetic coding: for each place whether it is zero, by how full its row and its column
 * were so far and whether its neighbours are, then its value bit by bit. Decoded again as a proof.
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
  const zeros: Contexts = contexts(classes * classes * 4);
  const values: Contexts = contexts(1 << placeBits);
  const columnCounts = new Uint32Array(columns);
  let rowCount = 0;
  for (let at = 0; at < out.length; at++) {
    const column = at % columns;
    if (column === 0) rowCount = 0;
    const row = Math.floor(at / columns);
    const left = column > 0 && out[at - 1] !== 0 ? 1 : 0;
    const above = row > 0 && out[at - columns] !== 0 ? 1 : 0;
    const full = fullness(columnCounts[column]!, row) * classes + fullness(rowCount, column);
    const wanted = source?.[at] ?? 0;
    if (coder.bit(zeros, full * 4 + left * 2 + above, wanted === 0 ? 0 : 1) === 0) {
      out[at] = 0;
      continue;
    }
    let node = 1;
    for (let bit = placeBits - 2; bit >= 0; bit--)
      node = node * 2 + coder.bit(values, node, (wanted >> bit) & 1);
    out[at] = node - (1 << (placeBits - 1));
    columnCounts[column]!++;
    rowCount++;
  }
}

/** 0 for nothing seen yet, else by powers of two of the share that is not zero. */
function fullness(count: number, seen: number): number {
  if (seen === 0) return 3;
  const share = (count + 0.4) / (seen + 8);
  return Math.max(0, Math.min(classes - 1, Math.floor(7.5 + Math.log2(share))));
}
