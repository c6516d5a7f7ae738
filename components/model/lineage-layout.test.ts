import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layoutOf } from "./lineage-layout.ts";

const places = (...how: Parameters<typeof layoutOf>) =>
  Object.fromEntries(layoutOf(...how).placed.map(({ id, column, row }) => [id, [column, row]]));

describe("layoutOf", () => {
  it("keeps a chain in one row", () => {
    const links = [
      { parent: "a", child: "b" },
      { parent: "b", child: "c" },
    ];
    expect(places(["a", "b", "c"], links)).toEqual({ a: [0, 0], b: [1, 0], c: [2, 0] });
  });

  it("gives each further child a row below its elder's family", () => {
    const links = [
      { parent: "a", child: "b" },
      { parent: "a", child: "d" },
      { parent: "b", child: "c1" },
      { parent: "b", child: "c2" },
    ];
    expect(places(["a", "b", "c1", "c2", "d"], links)).toEqual({
      a: [0, 0],
      b: [1, 0],
      c1: [2, 0],
      c2: [2, 1],
      d: [1, 2],
    });
  });

  it("places separate trees below each other", () =>
    expect(places(["a", "x"], [])).toEqual({ a: [0, 0], x: [0, 1] }));

  it("survives a cycle and links to nowhere", () => {
    const links = [
      { parent: "a", child: "b" },
      { parent: "b", child: "a" },
      { parent: "?", child: "c" },
    ];
    expect(Object.keys(places(["a", "b", "c"], links)).toSorted()).toEqual(["a", "b", "c"]);
  });

  it("places everything once, on no place twice, children right of parents", () => {
    const forest = fc
      .array(fc.nat(), { maxLength: 60 })
      .map((seeds) =>
        seeds.flatMap((seed, index) =>
          index === 0 || seed % 5 === 0 ? [] : [{ parent: seed % index, child: index }],
        ),
      );
    fc.assert(
      fc.property(forest, fc.integer({ min: 60, max: 70 }), (pairs, count) => {
        const ids = Array.from({ length: count }, (_, index) => String(index));
        const links = pairs.map(({ parent, child }) => ({ parent: String(parent), child: String(child) }));
        const { placed, rows } = layoutOf(ids, links);
        expect(new Set(placed.map(({ id }) => id)).size).toBe(count);
        expect(new Set(placed.map(({ column, row }) => `${column}:${row}`)).size).toBe(count);
        expect(Math.max(...placed.map(({ row }) => row))).toBe(rows - 1);
        const columnOf = new Map(placed.map(({ id, column }) => [id, column]));
        for (const { parent, child } of links)
          expect(columnOf.get(child)).toBe((columnOf.get(parent) ?? 0) + 1);
      }),
    );
  });

  it("bears a chain of thousands", () => {
    const ids = Array.from({ length: 5_000 }, (_, index) => String(index));
    const links = ids.slice(1).map((child, index) => ({ parent: String(index), child }));
    expect(layoutOf(ids, links)).toMatchObject({ columns: 5_000, rows: 1 });
  });
});
