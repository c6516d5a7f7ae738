import { expect, it } from "vitest";
import { binsOf } from "./label-bins.ts";

const words = { value: String, range: (low: string, high: string) => `${low} to ${high}` };

const counts = { train: [1, 2], calibration: [0, 0], tuning: [0, 0], test: [3, 0] };

it("names classes", () =>
  expect(
    binsOf({ kind: "class", column: "y", classes: ["no", "yes"], classCount: 2, counts }, "test", words),
  ).toEqual([
    { key: "0", label: "no", value: 3 },
    { key: "1", label: "yes", value: 0 },
  ]));

it("names ranges by their bounds", () =>
  expect(
    binsOf({ kind: "value", column: "y", edges: [0, 2.5, 5], counts }, "train", words).map(
      ({ label, value }) => [label, value],
    ),
  ).toEqual([
    ["0 to 2.5", 1],
    ["2.5 to 5", 2],
  ]));

it("names single values where there are few", () => {
  const label = { kind: "value", column: "y", edges: [0.5, 1.5, 2.5], values: [1, 2], counts } as const;
  const copy = { ...label, edges: [...label.edges], values: [...label.values] };
  expect(binsOf(copy, "train", words).map((bin) => bin.label)).toEqual(["1", "2"]);
});
