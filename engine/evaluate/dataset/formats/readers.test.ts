import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCsv } from "./csv.ts";
import { detectDelimiter, parseNumber } from "./csv-dialect.ts";
import { looksLikeIdx, readIdx } from "./idx.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const everything = (use: "number" | "text") => (names: readonly string[]) =>
  new Map(names.map((name) => [name, use] as const));
const read = (text: string, use: "number" | "text" = "text", dialect = {}) =>
  readCsv(bytes(text), "t.csv", { quotes: true, ...dialect }, everything(use));

describe("readCsv", () => {
  it("reads a header, quotes, a byte-order mark and Windows line ends", () => {
    const table = read('\uFEFFname,text\r\n"a ""b""","line\nbreak, comma"\r\nc,d\r\n');
    expect(table.names).toEqual(["name", "text"]);
    expect(table.columns.get("name")).toEqual({ kind: "text", values: ['a "b"', "c"] });
    expect(table.columns.get("text")).toEqual({ kind: "text", values: ["line\nbreak, comma", "d"] });
  });

  it("takes a first row with a number for data", () => {
    const table = read("1;2\n3;4\n", "number");
    expect(table.names).toEqual(["0", "1"]);
    expect(table.columns.get("1")).toEqual({ kind: "number", values: Float64Array.of(2, 4) });
    expect(read("1;2\n3;4\n", "number", { header: true }).rows).toBe(1);
  });

  it("finds a tab between sentences with commas", () => {
    expect(detectDelimiter("a, b, c\t0\nd\t1\ne, f\t1\n", true)).toBe("\t");
    expect(detectDelimiter('"a;b;c",1\n"d;e;f",2\n', true)).toBe(",");
  });

  it("names line and column of a cell that is no number", () => {
    expect(() => read("x,y\n1,2\n3,four\n", "number")).toThrow(
      '"four" is not a number in column "y" (at t.csv, line 3)',
    );
    expect(() => read("x,y\n1,\n", "number")).toThrow("An empty cell");
    expect(() => read("x,y\n1,NaN\n", "number")).toThrow("NaN");
  });

  it("says what is wrong with broken files", () => {
    expect(() => read("")).toThrow("The file is empty");
    expect(() => read("a,b\n")).toThrow("header but no rows");
    expect(() => read("a,a\nx,y\n")).toThrow('Two columns have the name "a"');
    expect(() => read("a,b\nx,y,z\n")).toThrow(/[Ll]ength|cells/);
    expect(() => read('a,b\n"x,y\n')).toThrow("Broken CSV");
    expect(() =>
      readCsv(Uint8Array.of(0xff, 0xfe, 65), "t.csv", { quotes: true }, everything("text")),
    ).toThrow("not UTF-8");
    expect(() =>
      readCsv(bytes("a,b\nx,y\n"), "t.csv", { quotes: true }, () => new Map([["c", "text"]])),
    ).toThrow('There is no column "c"; the columns are "a", "b"');
  });

  it("gives back any table of numbers", () => {
    const cell = fc.double({ noNaN: true, noDefaultInfinity: true });
    const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(table, fc.constantFrom(",", "\t", ";"), (rows, delimiter) => {
        const text = rows.map((row) => row.map((value) => String(value)).join(delimiter)).join("\n");
        const parsed = read(text, "number", { delimiter });
        expect(parsed.columns.get("0")!.values).toEqual(
          Float64Array.from(rows, ([first]) => Number(String(first))),
        );
      }),
    );
  });
});

describe("parseNumber", () => {
  it.each(["1", " -2.5", "+.5", "1e-3", "3."])("takes %s", (text) =>
    expect(parseNumber(text)).toBe(Number(text)),
  );
  it.each(["", "0x10", "1,5", "Infinity", "1e999", "--1", "1 2"])("refuses %s", (text) =>
    expect(parseNumber(text)).toBeUndefined(),
  );
});

/** An IDX file with the given dtype code and dimensions, and a body of zero bytes. */
function idx(code: number, dims: number[], bodyBytes: number): Uint8Array {
  const file = new Uint8Array(4 + 4 * dims.length + bodyBytes);
  const view = new DataView(file.buffer);
  file.set([0, 0, code, dims.length]);
  for (const [index, dim] of dims.entries()) view.setUint32(4 + 4 * index, dim);
  return file;
}

describe("readIdx", () => {
  it("reads every element type, big-endian", () => {
    const sizes = { 8: 1, 9: 1, 11: 2, 12: 4, 13: 4, 14: 8 };
    for (const [code, size] of Object.entries(sizes)) {
      const file = idx(Number(code), [2, 3], 6 * size);
      const view = new DataView(file.buffer);
      if (size === 1) view.setInt8(12, 5);
      if (code === "11") view.setInt16(12, -300);
      if (code === "12") view.setInt32(12, -70_000);
      if (code === "13") view.setFloat32(12, 1.5);
      if (code === "14") view.setFloat64(12, 0.1);
      const { column, rows } = readIdx(file, "f");
      expect(rows).toBe(2);
      expect(column.itemShape).toEqual([3]);
      const first = { 8: 5, 9: 5, 11: -300, 12: -70_000, 13: 1.5, 14: 0.1 }[Number(code)];
      expect(column.values[0]).toBe(first);
    }
  });

  it("checks sizes before it reads", () => {
    expect(() => readIdx(idx(8, [10, 28, 28], 100), "f")).toThrow(
      "promises [10, 28, 28] of uint8, 7856 bytes",
    );
    expect(() => readIdx(idx(8, [2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], 4), "f")).toThrow("promises");
    expect(() => readIdx(idx(8, [1], 2), "f")).toThrow("promises");
    expect(() => readIdx(idx(8, [0], 0), "f")).toThrow("no items");
    expect(() => readIdx(idx(10, [1], 1), "f")).toThrow("element type 0xa");
    expect(() => readIdx(idx(8, Array(9).fill(1), 1), "f")).toThrow("9 dimensions");
    expect(() => readIdx(Uint8Array.of(0, 0, 8, 3, 0), "f")).toThrow("inside its IDX header");
    expect(() => readIdx(bytes("hello"), "f")).toThrow("not an IDX file");
    expect(() => readIdx(new Uint8Array(), "f")).toThrow("empty");
    expect(looksLikeIdx(bytes("a,b\n"))).toBe(false);
  });

  it("never crashes otherwise on random bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (random) => {
        const file = Uint8Array.of(0, 0, ...random);
        try {
          readIdx(file, "f");
        } catch (error) {
          expect((error as Error).name).toBe("EngineError");
        }
      }),
    );
  });
});
