import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { EngineError } from "#engine/error.ts";
import { joinChunks } from "#engine/onnx/encode.ts";
import { crc32 } from "./crc32.ts";
import { decodeDeep } from "./decode.ts";

/**
 * Files put together by hand from `docs/engine/deep-form.md`, with another implementation of deflate: what the
 * document says, the decoder must read. What they hold need not be a model: the decoder does not look at it.
 */
function file(content: Uint8Array, table: number[], rest: number[], data: number[], padding = 0): Uint8Array {
  const head = Uint8Array.from([...table, ...rest]);
  const packed = deflateRawSync(head);
  const sum = crc32(content);
  return joinChunks([
    Uint8Array.of(0x89, 0x50, 0x53, 0x4d, 1),
    Uint8Array.of(sum & 255, (sum >>> 8) & 255, (sum >>> 16) & 255, sum >>> 24),
    Uint8Array.of(content.length, head.length, packed.length),
    packed,
    Uint8Array.from(data),
    new Uint8Array(padding),
  ]);
}

const u32 = (...words: number[]) => [...new Uint8Array(Uint32Array.from(words).buffer)];
const u16 = (...words: number[]) => [...new Uint8Array(Uint16Array.from(words).buffer)];

const cases: [string, number[], number[], number[], number[]][] = [
  ["nothing but rest", [1, 2, 3], [0], [1, 2, 3], []],
  // One range: 1 byte of rest, 4 bytes, a part of its own; 4 bytes of data, 8-bit elements, raw.
  ["raw bytes", [9, 5, 6, 7, 8, 1], [1, 1, 4, 0, 4, 2], [9, 1], [5, 6, 7, 8]],
  // 16 bits, planes: not turned; low bytes 7, 7, 7 by a code of one symbol; high bytes as they are.
  ["planes", u16(0x0107, 0x0207, 0x0307), [1, 0, 6, 0, 3, 3 | (1 << 3), 0, 1, 7, 1, 0], [], [1, 2, 3]],
  // 0x8001 turned left is 0x0003, 0x0001 is 0x0002: low bytes by a code of two words, 0 for 2 and 1 for 3.
  [
    "turned planes",
    u16(0x8001, 0x0001),
    [1, 0, 4, 0, 1, 3 | (1 << 3), 1, 1, 2, 2, 1, 1, 1, 0, 1],
    [],
    [0b10000000],
  ],
  // 8 bits: symbols 4 (0), 5 (10) and 7 (11), of which 6 does not occur.
  ["symbols", [4, 4, 5, 7], [1, 0, 4, 0, 1, 2 | (1 << 3), 0, 1, 4, 4, 1, 2, 0, 2], [], [0b00101100]],
  // 4 bits, the low half of a byte first.
  ["half bytes", [0x21, 0x12], [1, 0, 2, 0, 1, 1 | (1 << 3), 0, 1, 1, 2, 1, 1], [], [0b01100000]],
  // 32 bits: two values, raw; then places 1, 0, 0, 1, 1.
  [
    "a codebook",
    u32(0xbeef, 7, 7, 0xbeef, 0xbeef),
    [1, 0, 20, 0, 9, 4 | (2 << 3), 2, 0, 0, 2, 1, 1],
    [],
    [...u32(7, 0xbeef), 0b10011000],
  ],
  // 16 bits: 2 non-zero elements among 9; fields of 2 bits: gap 1; gap 5 as "three more" and 2; values raw.
  [
    "gaps of one width",
    u16(0, 5, 0, 0, 0, 0, 0, 6, 0),
    [1, 0, 18, 0, 5, 3 | (3 << 3), 2, 0, 2, 0],
    [],
    [0b01111000, ...u16(5, 6)],
  ],
  // 8 bits: gaps 1 and 13 of split 2. 13 is 1101: leading bit 3, then 10, so symbol 4 + 4 + 2, and one bit, 1, in a byte
  // of its own.
  [
    "gaps by codes",
    [0, 5, ...new Array(13).fill(0), 6],
    [1, 0, 16, 0, 4, 2 | (3 << 3), 2, 1, 2, 1, 10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0],
    [],
    [0b01000000, 0b10000000, 5, 6],
  ],
  // Two ranges share a part, the second of which follows at once; a third one is a part of its own, and stands first.
  [
    "shared parts",
    [1, 2, 3, 4, 5, 6, 7, 8],
    [3, 1, 2, 1, 0, 1, 1, 1, 2, 0, 2, 2, 3, 2],
    [1, 5, 8],
    [6, 7, 2, 3, 4],
  ],
  ["deflated bytes", [7, 97, 98, 99], [1, 1, 3, 0, 5, 2 | (4 << 3)], [7], [0x4b, 0x4c, 0x4a, 0x06, 0x00]],
];

describe("a file that is put together by hand", () => {
  it.each(cases)("of %s is read", (_, content, table, rest, data) => {
    const bytes = Uint8Array.from(content);
    expect(decodeDeep(file(bytes, table, rest, data))).toEqual(bytes);
    expect(decodeDeep(file(bytes, table, rest, data, 5))).toEqual(bytes);
  });
});

const three = Uint8Array.of(1, 2, 3);
const changed = (change: (bytes: Uint8Array) => Uint8Array) => change(file(three, [0], [1, 2, 3], []));

describe("a file that is wrong", () => {
  it.each<[string, Uint8Array, string, RegExp]>([
    ["nothing", new Uint8Array(), "not-a-model", /no deep-compressed/],
    ["of something else", Uint8Array.of(8, 8, 0x3a, 0), "not-a-model", /no deep-compressed/],
    [
      "of a later version",
      changed((bytes) => bytes.with(4, 2)),
      "unsupported",
      /version 2.*start of the deep form/,
    ],
    ["cut in its start", changed((bytes) => bytes.subarray(0, 8)), "truncated", /start/],
    ["cut in its head", changed((bytes) => bytes.subarray(0, 14)), "truncated", /start/],
    [
      "that is too large",
      changed((bytes) =>
        joinChunks([bytes.subarray(0, 9), Uint8Array.of(0xff, 0xff, 0xff, 0x7f), bytes.subarray(10)]),
      ),
      "limit-exceeded",
      /a file of 2\d/i,
    ],
    [
      "with another checksum",
      changed((bytes) => bytes.with(5, (bytes[5] ?? 0) ^ 1)),
      "malformed",
      /checksum/,
    ],
    [
      "with something at its end",
      changed((bytes) => joinChunks([bytes, Uint8Array.of(1)])),
      "malformed",
      /behind the last part/,
    ],
    [
      "of more rest than is missing",
      file(three, [0], [1, 2, 3, 4], []),
      "malformed",
      /4 bytes of the model follow where 3/,
    ],
    [
      "of less rest than is missing",
      file(three, [0], [1, 2], []),
      "malformed",
      /2 bytes of the model follow where 3/,
    ],
    [
      "with a range beyond the model",
      file(three, [1, 1, 3, 0, 3, 2], [1], [2, 3, 4]),
      "malformed",
      /length of a range: at most 2.*the table/,
    ],
    ["with an empty range", file(three, [1, 1, 0, 0, 0, 2], [1, 2, 3], []), "malformed", /empty range/],
    [
      "with a part that is not there",
      file(three, [1, 0, 3, 2, 3, 2], [], [1, 2, 3]),
      "malformed",
      /impossible part/,
    ],
    ["of an unknown width", file(three, [1, 0, 3, 0, 3, 6], [], [1, 2, 3]), "malformed", /no width 6/],
    [
      "of an unknown coding",
      file(three, [1, 0, 3, 0, 3, 2 | (5 << 3)], [], [1, 2, 3]),
      "malformed",
      /no coding 5/,
    ],
    [
      "of half an element",
      file(three, [1, 0, 3, 0, 3, 3], [], [1, 2, 3]),
      "malformed",
      /no whole number.*part 0/,
    ],
    ["with a part that is cut", file(three, [1, 0, 3, 0, 3, 2], [], [1, 2]), "malformed", /size of a part/],
    [
      "with bytes left over in a part",
      file(three, [1, 0, 3, 0, 4, 2], [], [1, 2, 3, 4]),
      "malformed",
      /1 bytes are left over.*part 0/,
    ],
    [
      "with a gap beyond the end",
      file(three, [1, 0, 3, 0, 2, 2 | (3 << 3), 1, 0, 2, 0], [], [0b11_00_00_00, 9]),
      "malformed",
      /lies behind the last of 3.*part 0/,
    ],
    [
      "of more non-zero elements than there are",
      file(three, [1, 0, 3, 0, 2, 2 | (3 << 3), 4, 0, 2, 0], [], [0, 9]),
      "malformed",
      /4 non-zero elements among 3/,
    ],
    [
      "of codes that end early",
      file(new Uint8Array(100), [1, 0, 100, 0, 1, 2 | (1 << 3), 0, 1, 4, 4, 1, 2, 0, 2], [], [9]),
      "truncated",
      /codes end early.*part 0/,
    ],
    [
      "of a code that does not add up",
      file(three, [1, 0, 3, 0, 1, 2 | (1 << 3), 0, 1, 4, 3, 1, 2, 3], [], [9]),
      "malformed",
      /do not add up.*the table/,
    ],
    [
      "of a half byte that is larger",
      file(three, [1, 0, 3, 0, 6, 1 | (1 << 3), 0, 0], [], [1, 2, 3, 16, 1, 1]),
      "malformed",
      /more than 4 bits/,
    ],
  ])("%s is refused", (_, bytes, code, message) => {
    try {
      decodeDeep(bytes);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      expect(error.message).toMatch(message);
      expect(error.code).toBe(code);
      return;
    }
    throw new Error("decoded without an error");
  });

  it("is refused where it is larger than the caller takes", () => {
    expect(() => decodeDeep(file(three, [0], [1, 2, 3], []), { maxBytes: 2 })).toThrow(/at most 2 are/);
  });
});
