import { expect, it } from "vitest";
import { sortedInitialisers } from "./initialiser-sort.ts";

const all = [
  { name: "layer.10.weight", dtype: "float32", shape: [4, 4], bytes: 64 },
  { name: "layer.2.weight", dtype: "int8", shape: [100], bytes: 100 },
  { name: "layer.2.bias", dtype: "float32", shape: [], bytes: 4 },
];
const names = (...how: Parameters<typeof sortedInitialisers>) =>
  sortedInitialisers(...how).map(({ name }) => name);

it("orders numbers in names as numbers", () =>
  expect(names(all, "weight", { by: "name", descending: false })).toEqual([
    "layer.2.weight",
    "layer.10.weight",
  ]));

it("orders shapes by their elements, scalars first", () =>
  expect(names(all, "", { by: "shape", descending: false })).toEqual([
    "layer.2.bias",
    "layer.10.weight",
    "layer.2.weight",
  ]));

it("puts the largest first", () =>
  expect(names(all, "", { by: "bytes", descending: true })[0]).toBe("layer.2.weight"));

it("keeps the file's order among equals", () =>
  expect(names(all, "", { by: "dtype", descending: false })).toEqual([
    "layer.10.weight",
    "layer.2.bias",
    "layer.2.weight",
  ]));
