import { describe, expect, it } from "vitest";
import { type Column, columnLength, concatenate, type Table } from "./columns.ts";
import { resolveColumns } from "./resolve.ts";

const table = (columns: Record<string, Column>): Table => ({
  names: Object.keys(columns),
  rows: columnLength(Object.values(columns)[0]!),
  columns: new Map(Object.entries(columns)),
  head: [],
});

describe("concatenate", () => {
  it("appends every kind of column", () => {
    const part = (value: number, text: string) =>
      table({
        n: { kind: "number", values: Float64Array.of(value) },
        t: { kind: "text", values: [text] },
        a: { kind: "array", itemShape: [2], values: Int16Array.of(value, -value) },
      });
    const whole = concatenate([part(1, "x"), part(2, "y")]);
    expect(whole.rows).toBe(2);
    expect(whole.columns.get("n")).toEqual({ kind: "number", values: Float64Array.of(1, 2) });
    expect(whole.columns.get("t")).toEqual({ kind: "text", values: ["x", "y"] });
    expect(whole.columns.get("a")).toEqual({
      kind: "array",
      itemShape: [2],
      values: Int16Array.of(1, -1, 2, -2),
    });
  });

  it("refuses files that differ", () => {
    const arrays = (shape: number[], values: Uint8Array | Float32Array) =>
      table({ a: { kind: "array", itemShape: shape, values } });
    expect(() => concatenate([arrays([2], new Uint8Array(2)), arrays([3], new Uint8Array(3))])).toThrow(
      'The files of column "a" differ: items of [2] and of [3]',
    );
    expect(() => concatenate([arrays([2], new Uint8Array(2)), arrays([2], new Float32Array(2))])).toThrow(
      "differ",
    );
    const other = table({ b: { kind: "text", values: ["x"] } });
    expect(() => concatenate([arrays([2], new Uint8Array(2)), other])).toThrow(
      'no column "a"; the columns are "b"',
    );
    expect(() => concatenate([])).toThrow("no rows");
  });

  it("keeps each type of number", () => {
    const arrays = [
      Uint8Array,
      Int8Array,
      Int16Array,
      Uint16Array,
      Int32Array,
      Uint32Array,
      Float32Array,
      Float64Array,
    ];
    for (const Type of arrays) {
      const part = table({ a: { kind: "array", itemShape: [], values: Type.of(1, 2) } });
      const column = concatenate([part, part]).columns.get("a")!;
      expect(column.values).toEqual(Type.of(1, 2, 1, 2));
      expect(columnLength(column)).toBe(4);
    }
  });
});

describe("resolveColumns", () => {
  const names = ["id", "p0", "p1", "p2", "a..b"];

  it("takes names, positions, lists and ranges in the file's order", () => {
    expect(resolveColumns("p1", names, "")).toEqual(["p1"]);
    expect(resolveColumns([0, "p2"], names, "")).toEqual(["id", "p2"]);
    expect(resolveColumns("p0..p2", names, "")).toEqual(["p0", "p1", "p2"]);
    expect(resolveColumns("a..b", names, "")).toEqual(["a..b"]);
  });

  it("says what is wrong with a reference", () => {
    expect(() => resolveColumns("p2..p0", names, " for x")).toThrow("runs backwards in the file for x");
    expect(() => resolveColumns(7, names, " for x")).toThrow("There is no column 7 for x");
    expect(() => resolveColumns("p0..p9", names, "")).toThrow('There is no column "p9"');
    const many = Array.from({ length: 60 }, (_, index) => `c${index}`);
    expect(() => resolveColumns("x", many, "")).toThrow("and 20 more");
  });
});
