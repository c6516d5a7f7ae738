import type { BitReader } from "../bit-reader.ts";
import { type Elements, elementsIn, packElements, unpackElements } from "../elements.ts";
import { codings, type ElementBits, elementWidths } from "../format.ts";
import type { TableReader } from "../table.ts";
import { inflate, planDeflate } from "./deflate.ts";
import { planDense, readDense } from "./dense.ts";
import type { Plan } from "./plan.ts";
import { countNonZero, nonZeroPositions, planSparse, readSparse } from "./sparse.ts";

export interface PartPlan {
  /** The width of the elements in which the plan sees the bytes. */
  readonly bits: ElementBits;
  readonly plan: Plan;
}

/** Zeros from which on it may pay to leave them out, and from which on nothing else can be better. */
const someZeros = 1 / 16;
const mostlyZeros = 3 / 4;

/**
 * The cheapest way found to store the bytes of tensors.
 *
 * @param bits width of their elements, of which the bytes hold a whole number
 */
export function planPart(bytes: Uint8Array, bits: ElementBits): PartPlan {
  let best: PartPlan | undefined;
  const offer = (plan: Plan | undefined, width: ElementBits) => {
    if (plan !== undefined && (best === undefined || plan.cost < best.plan.cost))
      best = { bits: width, plan };
  };
  const elements = unpackElements(bytes, bits);
  offer(planElements(elements), bits);
  // Pairs or fours of small elements: one code for them costs fewer bits, but a larger table.
  if (bits < 8) offer(planElements(unpackElements(bytes, 8)), 8);
  const found = best ?? { bits: 8, plan: planDense(unpackElements(bytes, 8)) };
  const deflated = planDeflate(bytes, found.plan);
  return deflated !== undefined && deflated.cost < found.plan.cost ? { bits: 8, plan: deflated } : found;
}

function planElements(elements: Elements): Plan {
  const count = elements.words.length;
  const zeros = 1 - countNonZero(elements.words) / count;
  if (zeros < someZeros || zeros === 1) return planDense(elements);
  const positions = nonZeroPositions(elements.words);
  if (positions === undefined) return planDense(elements);
  const sparse = planSparse(elements, positions);
  if (zeros > mostlyZeros) return sparse;
  const dense = planDense(elements);
  return dense.cost < sparse.cost ? dense : sparse;
}

/** What the table says of a part, behind its size; its bytes are read by what this gives. */
export function readPart(
  table: TableReader,
  place: string,
): (data: BitReader, taken: Uint8Array, size: number) => Uint8Array {
  const head = table.byte();
  const bits = elementWidths[head & 7];
  if (bits === undefined) throw table.fail(`There is no width ${head & 7}`);
  const coding = head >> 3;
  if (coding > codings.deflate) throw table.fail(`There is no coding ${coding}`);
  if (coding === codings.deflate) {
    return (data, taken, size) => inflate(data.take(taken.length), size, place);
  }
  const read = coding === codings.sparse ? readSparse(table, bits) : readDense(table, coding, bits);
  return (data, _, size) => {
    const count = elementsIn(size, bits);
    if (count === undefined) throw data.fail(`${size} bytes are no whole number of elements`);
    return packElements({ bits, words: read(data, count) });
  };
}

export function partHead({ bits, plan }: PartPlan): number {
  return elementWidths.indexOf(bits) | (plan.coding << 3);
}
