import { expect, it } from "vitest";
import { binsOf } from "./label-bins.ts";

const counts = { train: [1, 2], calibration: [0, 0], tuning: [0, 0], test: [3, 0] };

it("names classes", () =>
  expect(
    binsOf({ kind: "class", column: "y", classes: ["no", "yes"], classCount: 2, counts }, "test", String),
  ).toEqual([
    { key: "0", label: "no", value: 3 },
    { key: "1", label: "yes", value: 0 },
  ]));

it("names ranges by their bounds", () =>
  expect(
    binsOf({ kind: "value", column: "y", edges: [0, 2.5, 5], counts }, "train", String).map(
      ({ label, value }) => [label, value],
    ),
  ).toEqual([
    ["0 … 2.5", 1],
    ["2.5 … 5", 2],
  ]));
