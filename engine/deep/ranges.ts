import { maxRanges } from "./format.ts";
import type { TableReader } from "./table.ts";

/** A run of bytes of the model that is stored in a part. */
export interface Range {
  readonly offset: number;
  readonly length: number;
  /** Index of the part. */
  readonly part: number;
}

/**
 * Reads which bytes of a model of `content` bytes are stored in parts.
 *
 * @returns the ranges by rising offset, none of them empty or beyond the model, and the bytes of each part
 */
export function readRanges(table: TableReader, content: number): { ranges: Range[]; sizes: number[] } {
  const count = table.varint(maxRanges, "number of ranges");
  const read: { offset: number; length: number; owner: number }[] = [];
  let end = 0;
  let own = 0;
  let shared = 0;
  for (let at = 0; at < count; at++) {
    const offset = end + table.varint(content - end, "gap between ranges");
    const length = table.varint(content - offset, "length of a range");
    if (length === 0) throw table.fail("An empty range");
    // A new shared part is the one after those that have been named.
    const owner = table.varint(shared + 1, "part");
    if (owner === 0) own++;
    shared = Math.max(shared, owner);
    read.push({ offset, length, owner });
    end = offset + length;
  }
  const sizes = new Array<number>(own + shared).fill(0);
  let next = 0;
  const ranges = read.map(({ offset, length, owner }) => {
    const part = owner === 0 ? next++ : own + owner - 1;
    sizes[part]! += length;
    return { offset, length, part };
  });
  return { ranges, sizes };
}
