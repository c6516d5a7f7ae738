import type { BitReader } from "../bit-reader.ts";
import { bytesOfWords, type Elements, unpackElements, type Words, wordBytes } from "../elements.ts";
import { codings, type ElementBits } from "../format.ts";
import type { TableReader } from "../table.ts";
import { planCodebook, readCodebook } from "./codebook.ts";
import { cheapest, type Plan } from "./plan.ts";
import { planPlanes, readPlanes } from "./planes.ts";

/** The cheapest way to store elements one after another. */
export function planDense(elements: Elements): Plan {
  const plans: [Plan, ...Plan[]] = [planRaw(elements), planPlanes(elements)];
  // Up to 8 bits, an element is the symbol itself.
  const codebook = elements.bits > 8 ? planCodebook(elements) : undefined;
  if (codebook !== undefined) plans.push(codebook);
  return cheapest(plans);
}

function planRaw({ words }: Elements): Plan {
  return {
    coding: codings.raw,
    dataBytes: words.byteLength,
    cost: words.byteLength,
    write: (_, data) => data.bytes(bytesOfWords(words)),
  };
}

/** What the table says of such elements; the data are read by what this gives. */
export function readDense(
  table: TableReader,
  coding: number,
  bits: ElementBits,
): (data: BitReader, count: number) => Words {
  if (coding === codings.planes) return readPlanes(table, bits);
  if (coding === codings.codebook) return readCodebook(table, bits);
  return (data, count) => {
    const bytes = data.take(count * wordBytes(bits));
    if (bits < 8 && bytes.some((byte) => byte >> bits !== 0)) {
      throw data.fail(`An element of more than ${bits} bits`);
    }
    return unpackElements(bits < 8 ? bytes.slice() : bytes, bits < 8 ? 8 : bits).words;
  };
}
