import { describe, expect, it } from "vitest";
import type { ColumnUse } from "#engine/evaluate/dataset/formats/collector.ts";
import { readCsv } from "#engine/evaluate/dataset/formats/csv.ts";
import { readIdx } from "#engine/evaluate/dataset/formats/idx.ts";
import { encodeCsv } from "./csv.ts";
import { encodeIdx } from "./idx.ts";

it("writes IDX that the reader of datasets gives back", () => {
  const data = Uint8Array.from({ length: 12 }, (_, i) => i * 20);
  const { column, rows } = readIdx(encodeIdx([2, 3, 2], data), "images");
  expect(rows).toBe(2);
  expect(column.itemShape).toEqual([3, 2]);
  expect(column.values).toEqual(data);
});

describe("CSV", () => {
  it("survives commas, quotes and line breaks in cells", () => {
    const texts = ["after rain, sun", 'a "quoted" word', "two\nlines"];
    const bytes = encodeCsv(
      ["text", "n"],
      texts.map((text, i) => [text, i]),
    );
    const uses = new Map<string, ColumnUse>([
      ["text", "text"],
      ["n", "number"],
    ]);
    const table = readCsv(bytes, "t.csv", { quotes: true, header: true, delimiter: "," }, () => uses);
    expect(table.columns.get("text")?.values).toEqual(texts);
    expect(table.columns.get("n")?.values).toEqual(Float64Array.of(0, 1, 2));
  });
});
