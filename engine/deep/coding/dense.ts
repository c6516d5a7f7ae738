import type { BitReader } from "../bit-reader.ts";
import type { Elements, Words } from "../elements.ts";
import { codings, type ElementBits } from "../format.ts";
import type { TableReader } from "../table.ts";
import { planCodebook, readCodebook } from "./codebook.ts";
import { cheapest, type Plan } from "./plan.ts";
import { planPlanes, readPlanes } from "./planes.ts";
import { planRaw, readRaw } from "./raw.ts";

/** Share of the raw size below which a codebook needs no rival: nothing but its values can be saved any more. */
const small = 1 / 3;

/** The cheapest way to store elements one after another. */
export function planDense(elements: Elements): Plan {
  const raw = planRaw(elements);
  // Up to 8 bits, an element is the symbol itself.
  const codebook = elements.bits > 8 ? planCodebook(elements) : undefined;
  if (codebook !== undefined && codebook.cost < raw.cost * small) return codebook;
  return cheapest([raw, planPlanes(elements), ...(codebook === undefined ? [] : [codebook])]);
}

/** What the table says of such elements; the data are read by what this gives. */
export function readDense(
  table: TableReader,
  coding: number,
  bits: ElementBits,
): (data: BitReader, count: number) => Words {
  if (coding === codings.planes) return readPlanes(table, bits);
  if (coding === codings.codebook) return readCodebook(table, bits);
  return (data, count) => readRaw(data, bits, count);
}
