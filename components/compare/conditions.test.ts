import { expect, it } from "vitest";
import { differingConditions } from "./conditions.ts";

const of = (conditions: Record<string, unknown>) => ({ conditions });

it("names the conditions that differ", () => {
  expect(
    differingConditions(of({ cpuModel: "A", threads: 1, batch: 1 }), of({ cpuModel: "B", threads: 1 })),
  ).toEqual(["cpuModel", "batch"]);
});

it("does not mind the order of features and the names of inputs", () => {
  const one = of({ cpuFeatures: ["avx2", "fma"], inputShapes: { a: [1, 28] } });
  const other = of({ cpuFeatures: ["fma", "avx2"], inputShapes: { b: [1, 28] } });
  expect(differingConditions(one, other)).toEqual([]);
  expect(differingConditions(one, of({ ...other.conditions, inputShapes: { b: [2, 28] } }))).toEqual([
    "inputShapes",
  ]);
});
