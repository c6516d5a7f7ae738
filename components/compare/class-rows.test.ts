import { expect, it } from "vitest";
import type { ClassDetail } from "#contracts/measurement.ts";
import { classRows } from "./class-rows.ts";

const counted = (label: number, items: number, correctFirst: number, correctOther: number) => ({
  label,
  items,
  correctFirst,
  correctOther,
});
const measured = (label: number, n: number, value: number, low: number, high: number): ClassDetail => ({
  class: label,
  recall: 0.5,
  n,
  change: { value, low, high },
});

it("puts the greatest loss first and leaves empty classes out", () => {
  const rows = classRows(
    [counted(0, 10, 5, 6), counted(1, 10, 9, 4), counted(2, 0, 0, 0), counted(3, 10, 5, 5)],
    [],
  );
  expect(rows.map(({ label, change }) => [label, change.value, change.finding])).toEqual([
    [1, -0.5, "unknown"],
    [3, 0, "unknown"],
    [0, 0.1, "unknown"],
  ]);
});

it("takes intervals of the same items only", () => {
  const classes = [counted(0, 10, 9, 4), counted(1, 10, 9, 4), counted(2, 10, 9, 4)];
  const rows = classRows(classes, [
    measured(0, 10, -0.5, -0.8, -0.2),
    measured(1, 12, -0.5, -0.8, -0.2),
    measured(2, 10, -0.1, -0.2, -0.05),
  ]);
  expect(rows.map(({ label, change }) => [label, change.finding, change.low])).toEqual([
    [0, "worse", -0.8],
    [1, "unknown", null],
    [2, "unknown", null],
  ]);
});
