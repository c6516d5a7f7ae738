import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EngineError } from "#engine/error.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import { byteEdits } from "#engine/testing/byte-edits.ts";
import { graph, model, node, randomFloats, value, weight } from "../passes/testing/build.ts";
import { bytesOf, realModels } from "../testing/models.ts";
import { BitWriter } from "./bit-writer.ts";
import { deflate, inflate } from "./coding/deflate.ts";
import { decodeDeep } from "./decode.ts";
import { encodeDeep } from "./encode.ts";
import { maxRanges } from "./format.ts";
import { readRanges } from "./ranges.ts";
import { TableReader } from "./table.ts";

/** Small, so that each byte matters, with every coding in one of them. */
const sparse = randomFloats(3000, 2).map((one, at) => (at % 9 === 0 ? one : 0));
const network = model(
  graph({
    node: [node("Relu", ["x"], ["y"])],
    input: [value("x", [1])],
    output: [value("y", [1])],
    initializer: [
      weight("dense", [50, 50], 1),
      makeTensor("sparse", "float32", [3000], sparse),
      makeTensor("few", "float32", [3000], randomFloats(3000, 3).map(Math.round)),
      makeTensor(
        "sparse few",
        "float32",
        [3000],
        sparse.map((one) => Math.round(one * 5)),
      ),
      makeTensor("bytes", "int8", [4000], Int8Array.from(randomFloats(4000, 4, 9))),
      makeTensor(
        "rows",
        "int64",
        [2000],
        BigInt64Array.from({ length: 2000 }, (_, at) => BigInt(at % 50)),
      ),
      weight("bias", [20], 5),
    ],
  }),
);
const ownFile = joinChunks(encodeModel(network));
const seeds = [
  joinChunks(encodeDeep(ownFile)),
  ...realModels("data/onnx/odd", "data/onnx/gonnx")
    .map(({ path }) => bytesOf(path))
    .filter((bytes) => bytes.length < 20_000)
    .slice(0, 12)
    .map((bytes) => joinChunks(encodeDeep(bytes))),
];

const editsOf = (...kinds: string[]) =>
  fc.array(
    fc.record({
      kind: fc.constantFrom(...kinds),
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      value: fc.oneof(fc.nat(255), fc.nat(8)),
    }),
    { minLength: 1, maxLength: 3 },
  );
type Edits = ReturnType<typeof editsOf> extends fc.Arbitrary<infer T> ? T : never;

function apply(bytes: Uint8Array, list: Edits, within: number) {
  let out = bytes;
  for (const { kind, at, value } of list) {
    const range = Math.min(within, out.length);
    if (range > 0)
      out = byteEdits[kind as keyof typeof byteEdits]?.(out, Math.floor(at * range), value) ?? out;
  }
  return out;
}

interface Outcomes {
  errors: Map<string, number>;
  decoded: number;
  slowest: number;
}

function survive(bytes: Uint8Array, outcomes: Outcomes): void {
  const started = performance.now();
  try {
    decodeDeep(bytes);
    outcomes.decoded++;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    expect(error.message).not.toBe("");
    const kind = error.detail.replace(/[0-9]+/g, "n");
    outcomes.errors.set(kind, (outcomes.errors.get(kind) ?? 0) + 1);
  }
  outcomes.slowest = Math.max(outcomes.slowest, performance.now() - started);
}

/** The head inflated, what stands before its size, and what stands behind it. */
function open(deep: Uint8Array) {
  const start = new TableReader(deep, "the start");
  start.take(9);
  const content = start.varint(2 ** 31, "size");
  const size = start.varint(2 ** 31, "size");
  const packed = start.take(start.varint(2 ** 31, "size"));
  return {
    start: deep.subarray(0, 9),
    content,
    head: inflate(packed, size, "here"),
    data: deep.subarray(start.pos),
  };
}

function close({ start, content, head, data }: ReturnType<typeof open>): Uint8Array {
  const packed = deflate(head);
  const sizes = new BitWriter();
  for (const size of [content, head.length, packed.length]) sizes.varint(size);
  return joinChunks([start, ...sizes.finish(), packed, data]);
}

describe("deep forms that were changed", () => {
  it("anywhere give the file or an EngineError, in time", { timeout: 120_000 }, () => {
    const outcomes: Outcomes = { errors: new Map(), decoded: 0, slowest: 0 };
    fc.assert(
      fc.property(fc.constantFrom(...seeds), editsOf(...Object.keys(byteEdits)), (seed, list) => {
        survive(apply(seed, list, Number.POSITIVE_INFINITY), outcomes);
      }),
      { numRuns: 2000, seed: 42 },
    );
    expect(outcomes.errors.size).toBeGreaterThan(8);
    expect(outcomes.slowest).toBeLessThan(2000);
  });

  it("in their tables, which no damage of a file reaches without inflating it, do so too", {
    timeout: 120_000,
  }, () => {
    const outcomes: Outcomes = { errors: new Map(), decoded: 0, slowest: 0 };
    const opened = open(joinChunks(encodeDeep(ownFile)));
    const ranges = new TableReader(opened.head, "the table");
    const { sizes } = readRanges(ranges, opened.content);
    const table = opened.head.length - (opened.content - sizes.reduce((sum, size) => sum + size, 0));
    fc.assert(
      fc.property(editsOf("flip", "set"), fc.nat(3), (list, where) => {
        // What the table says of the ranges is soon told to be wrong: most edits are behind that.
        const from = where === 0 ? 0 : ranges.pos;
        const edited = apply(opened.head.subarray(from), list, table - from);
        const head = joinChunks([opened.head.subarray(0, from), edited]);
        const data = where === 1 ? apply(opened.data, list, Number.POSITIVE_INFINITY) : opened.data;
        survive(close({ ...opened, head, data }), outcomes);
      }),
      { numRuns: 2000, seed: 43 },
    );
    expect(outcomes.errors.size).toBeGreaterThan(10);
    expect(outcomes.slowest).toBeLessThan(2000);
  });
});

describe("small files that ask for much", () => {
  const bomb = (content: number, table: (writer: BitWriter) => void, data: Uint8Array = new Uint8Array()) => {
    const head = new BitWriter();
    table(head);
    return close({
      start: Uint8Array.of(0x89, 0x50, 0x53, 0x4d, 1, 0, 0, 0, 0),
      content,
      head: joinChunks(head.finish()),
      data,
    });
  };
  const outcome = (bytes: Uint8Array) => {
    const outcomes: Outcomes = { errors: new Map(), decoded: 0, slowest: 0 };
    survive(bytes, outcomes);
    return { error: [...outcomes.errors.keys()].join(), slowest: outcomes.slowest };
  };

  const deflatedZeros = deflate(new Uint8Array(2 ** 22));
  it.each<[string, Uint8Array]>([
    ["gigabytes of rest", bomb(2 ** 31 - 1, (head) => head.varint(0))],
    [
      "a part of one symbol",
      bomb(2 ** 22, (head) => {
        for (const number of [1, 0, 2 ** 22, 0, 0, 2 | (1 << 3), 0, 1, 7, 1]) head.varint(number);
      }),
    ],
    [
      "non-zero elements without bits",
      bomb(2 ** 22, (head) => {
        for (const number of [1, 0, 2 ** 22, 0, 0, 2 | (3 << 3), 2 ** 22, 1, 2, 0, 1, 1, 0, 1, 7, 1])
          head.varint(number);
      }),
    ],
    [
      "half bytes of one symbol",
      bomb(2 ** 22, (head) => {
        for (const number of [1, 0, 2 ** 22, 0, 0, 1 | (1 << 3), 0, 1, 7, 1]) head.varint(number);
      }),
    ],
    [
      "a part of zeros deflated",
      bomb(
        2 ** 22,
        (head) => {
          for (const number of [1, 0, 2 ** 22, 0, deflatedZeros.length, 2 | (4 << 3)]) head.varint(number);
        },
        deflatedZeros,
      ),
    ],
    [
      "a hundred thousand parts with codes",
      bomb(100_000, (head) => {
        head.varint(100_000);
        for (let at = 0; at < 100_000; at++) for (const number of [0, 1, 0]) head.varint(number);
        for (let at = 0; at < 100_000; at++) {
          // Lengths 1, 2 … 11, 11: a table of 2,048 entries each.
          for (const number of [0, 2 | (1 << 3), 0, 1, 0, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 11])
            head.varint(number);
        }
      }),
    ],
    [
      "as many ranges as there may be",
      bomb(2 ** 22, (head) => {
        head.varint(maxRanges);
        for (let at = 0; at < 3 * maxRanges; at++) head.varint(at % 3 === 1 ? 1 : 0);
      }),
    ],
    ["more ranges than there may be", bomb(2 ** 22, (head) => head.varint(maxRanges + 1))],
  ])("are refused, or read, in time: %s", (_, bytes) => {
    expect(bytes.length).toBeLessThan(60_000);
    const { error, slowest } = outcome(bytes);
    expect(error).not.toBe("");
    expect(slowest).toBeLessThan(2000);
  });
});
