import type { BitReader } from "../bit-reader.ts";
import type { BitWriter } from "../bit-writer.ts";
import { gapMantissaBits, gapModes, maxGapBits, maxGapSplit } from "../format.ts";
import {
  blockSymbols,
  planCode,
  readCode,
  readSymbols,
  type SymbolCode,
  tableCost,
  writeCode,
  writeSymbols,
} from "../huffman/symbols.ts";
import type { TableReader } from "../table.ts";
import { extraBits, gapOf, symbolCount, symbolOf } from "./gap-symbols.ts";

/** How the zeros in front of each non-zero element are stored, and what it takes. */
export interface GapPlan {
  readonly dataBytes: number;
  readonly cost: number;
  write(table: BitWriter, data: BitWriter): void;
}

/** Gaps below this are counted one by one. */
const small = 4096;

/**
 * @param positions of the non-zero elements, rising
 * @returns fields of one width, or Huffman codes: whichever is smaller
 */
export function planGaps(positions: Uint32Array): GapPlan {
  const counts = countGaps(positions);
  const fixed = planFixed(positions, counts);
  const huffman = planHuffman(positions, counts);
  return huffman !== undefined && huffman.cost < fixed.cost ? huffman : fixed;
}

interface GapCounts {
  readonly below: Uint32Array;
  readonly large: readonly number[];
}

function countGaps(positions: Uint32Array): GapCounts {
  const below = new Uint32Array(small);
  const large: number[] = [];
  for (let at = 0; at < positions.length; at++) {
    const gap = gapBefore(positions, at);
    if (gap < small) below[gap]!++;
    else large.push(gap);
  }
  return { below, large };
}

/** Relative indices of one width (Han et al. 2015, 2); the highest number of the width says "so many zeros more". */
function planFixed(positions: Uint32Array, { below, large }: GapCounts): GapPlan {
  let [bits, width] = [Number.POSITIVE_INFINITY, 1];
  for (let tried = 1; tried <= maxGapBits; tried++) {
    const filler = 2 ** tried - 1;
    let fields = positions.length;
    for (let gap = filler; gap < small; gap++) fields += below[gap]! * Math.floor(gap / filler);
    for (const gap of large) fields += Math.floor(gap / filler);
    if (fields * tried < bits) [bits, width] = [fields * tried, tried];
  }
  const dataBytes = Math.ceil(bits / 8);
  return {
    dataBytes,
    cost: dataBytes + 2,
    write: (table, data) => {
      table.bits(gapModes.fixed, 8);
      table.bits(width, 8);
      const filler = 2 ** width - 1;
      for (let at = 0; at < positions.length; at++) {
        let rest = gapBefore(positions, at);
        for (; rest >= filler; rest -= filler) data.bits(filler, width);
        data.bits(rest, width);
      }
      data.align();
    },
  };
}

function planHuffman(positions: Uint32Array, counts: GapCounts): GapPlan | undefined {
  let best: { code: SymbolCode; split: number; cost: number; dataBytes: number } | undefined;
  for (let split = gapMantissaBits; split <= maxGapSplit; split++) {
    const symbols = new Uint32Array(symbolCount(split));
    let extra = 0;
    const count = (gap: number, times: number) => {
      const symbol = symbolOf(gap, split);
      symbols[symbol]! += times;
      extra += extraBits(symbol, split) * times;
    };
    counts.below.forEach((times, gap) => {
      if (times > 0) count(gap, times);
    });
    for (const gap of counts.large) count(gap, 1);
    const code = planCode(symbols);
    const dataBytes = Math.ceil(code.bits / 8) + Math.ceil(extra / 8);
    const cost = dataBytes + 2 + tableCost(code);
    if (best === undefined || cost < best.cost) best = { code, split, cost, dataBytes };
  }
  if (best === undefined) return undefined;
  const { code, split, cost, dataBytes } = best;
  return {
    dataBytes,
    cost,
    write: (table, data) => {
      table.bits(gapModes.huffman, 8);
      table.bits(split, 8);
      writeCode(table, code);
      writeSymbols(data, code, positions.length, (block, from, to) => {
        for (let at = from; at < to; at++) block[at - from] = symbolOf(gapBefore(positions, at), split);
      });
      for (let at = 0; at < positions.length; at++) {
        const gap = gapBefore(positions, at);
        const symbol = symbolOf(gap, split);
        writeLong(data, gap - gapOf(symbol, split), extraBits(symbol, split));
      }
      data.align();
    },
  };
}

/** Zeros in front of a non-zero element. */
function gapBefore(positions: Uint32Array, at: number): number {
  return at === 0 ? positions[0]! : positions[at]! - positions[at - 1]! - 1;
}

function writeLong(data: BitWriter, value: number, bits: number): void {
  if (bits > 16) {
    data.bits(value >>> 16, bits - 16);
    data.bits(value & 0xffff, 16);
  } else if (bits > 0) {
    data.bits(value, bits);
  }
}

/** What the table says of the gaps; the positions of the non-zero elements are read by what this gives. */
export function readGaps(
  table: TableReader,
): (data: BitReader, nonZero: number, count: number) => Uint32Array {
  const mode = table.choice(gapModes.huffman, "coding of gaps");
  if (mode === gapModes.fixed) {
    const width = table.choice(maxGapBits, "width of a gap");
    if (width === 0) throw table.fail("Gaps of no bits");
    return (data, nonZero, count) => {
      const gaps = new Uint32Array(nonZero);
      for (let at = 0; at < nonZero; at++) {
        gaps[at] = fixedGap(data, width, count);
        if (at % blockSymbols === 0) data.check();
      }
      data.align();
      return toPositions(data, gaps, count);
    };
  }
  const split = table.choice(maxGapSplit, "split of gaps");
  if (split < gapMantissaBits) throw table.fail(`A split of gaps below ${gapMantissaBits}`);
  const code = readCode(table, symbolCount(split));
  return (data, nonZero, count) => {
    const gaps = new Uint32Array(nonZero);
    readSymbols(data, code, nonZero, (block, from, to) => {
      for (let at = from; at < to; at++) gaps[at] = block[at - from]!;
    });
    for (let at = 0; at < nonZero; at++) {
      const symbol = gaps[at]!;
      const bits = extraBits(symbol, split);
      const extra = bits > 16 ? data.bits(bits - 16) * 65_536 + data.bits(16) : data.bits(bits);
      gaps[at] = gapOf(symbol, split) + extra;
      if (at % blockSymbols === 0) data.check();
    }
    data.align();
    return toPositions(data, gaps, count);
  };
}

/** Fields that say "more zeros" are followed no further than there are elements. */
function fixedGap(data: BitReader, width: number, count: number): number {
  const filler = 2 ** width - 1;
  for (let gap = 0; gap <= count; gap += filler) {
    const field = data.bits(width);
    if (field < filler) return gap + field;
  }
  return count;
}

/** Turns gaps into positions, in place. */
function toPositions(data: BitReader, gaps: Uint32Array, count: number): Uint32Array {
  let next = 0;
  for (let at = 0; at < gaps.length; at++) {
    const position = next + gaps[at]!;
    if (position >= count) throw data.fail(`Non-zero element ${at} lies behind the last of ${count}`);
    gaps[at] = position;
    next = position + 1;
  }
  return gaps;
}
