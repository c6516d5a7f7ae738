import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BackwardSink, BackwardWriter, LengthCounter } from "./backward.ts";

const part = fc.oneof(
  fc.string({ unit: "binary", maxLength: 700 }).map((text) => (sink: BackwardSink) => {
    sink.string(text);
  }),
  fc.maxSafeInteger().map((value) => (sink: BackwardSink) => sink.int(value)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => (sink: BackwardSink) => {
    sink.int64(value);
  }),
  fc.uint8Array({ maxLength: 9_000 }).map((bytes) => (sink: BackwardSink) => sink.bytes(bytes)),
  fc.float().map((value) => (sink: BackwardSink) => sink.float(value)),
  fc.tuple(fc.integer({ min: 1, max: 2 ** 28 }), fc.nat()).map(
    ([field, length]) =>
      (sink: BackwardSink) =>
        sink.prefix(field, length),
  ),
);

describe("the parts of a message", () => {
  it("are counted as long as they are written", () => {
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const [writer, counter] = [new BackwardWriter(), new LengthCounter()];
        for (const add of parts) {
          add(writer);
          add(counter);
        }
        expect(counter.length).toBe(writer.length);
        expect(writer.finish().reduce((sum, { length }) => sum + length, 0)).toBe(counter.length);
      }),
    );
  });

  it("text is UTF-8, however long", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 1_500 }), (text) => {
        const writer = new BackwardWriter();
        const size = writer.string(text);
        const bytes = Buffer.concat(writer.finish().map((chunk) => chunk as Uint8Array));
        expect(bytes).toEqual(Buffer.from(text, "utf8"));
        expect(size).toBe(bytes.length);
      }),
    );
  });
});
