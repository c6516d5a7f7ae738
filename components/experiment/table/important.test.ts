import { expect, it } from "vitest";
import { importantColumns, valuesOf } from "./important.ts";

const specs = [
  { metric: "quality/top1@test", kind: "value" },
  { metric: "quality/top1@test", kind: "change" },
  { metric: "size/file", kind: "value" },
  { metric: "size/file", kind: "ratio" },
] as const;

it("shows of a variant what was lost and what was gained, of the baseline the values behind both", () => {
  const important = importantColumns(specs);
  expect([...important]).toEqual(["quality/top1@test~change", "size/file~ratio"]);
  expect([...valuesOf(important)]).toEqual(["quality/top1@test", "size/file"]);
});
