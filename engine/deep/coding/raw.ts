import type { BitReader } from "../bit-reader.ts";
import { bytesOfWords, type Elements, unpackElements, type Words, wordBytes } from "../elements.ts";
import { codings, type ElementBits } from "../format.ts";
import type { Plan } from "./plan.ts";

/** The elements as they are, those below 8 bits in a byte each. */
export function planRaw({ words }: Elements): Plan {
  return {
    coding: codings.raw,
    dataBytes: words.byteLength,
    cost: words.byteLength,
    write: (_, data) => data.bytes(bytesOfWords(words)),
  };
}

export function readRaw(data: BitReader, bits: ElementBits, count: number): Words {
  const bytes = data.take(count * wordBytes(bits));
  if (bits < 8 && bytes.some((byte) => byte >> bits !== 0)) {
    throw data.fail(`An element of more than ${bits} bits`);
  }
  return bits < 8 ? bytes : unpackElements(bytes, bits).words;
}
