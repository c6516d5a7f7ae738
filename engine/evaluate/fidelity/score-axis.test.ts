import { expect, it } from "vitest";
import { scoreAxis } from "./score-axis.ts";

/** Two items of a shape with values like sin, which are neither probabilities nor of length 1. */
function waves(itemDims: number[]) {
  const width = itemDims.reduce((product, dim) => product * dim, 1);
  return {
    items: 2,
    itemDims,
    values: Float64Array.from({ length: 2 * width }, (_, index) => 3 * Math.sin(index)),
  };
}

/** Two items in which the first class of `classes` has all the probability, over the last axis. */
function oneHot(itemDims: number[]) {
  const classes = itemDims.at(-1)!;
  const { items, values } = waves(itemDims);
  return { items, itemDims, values: values.map((_, index) => (index % classes === 0 ? 1 : 0)) };
}

it.each([
  ["a classifier", "output", [10], 10, 1],
  ["a convolutional head", "output", [10, 1, 1], 10, 1],
  ["a language model", "logits", [8, 1000], 1000, 8],
  ["a detector's classes", "scores", [100, 80], 80, 100],
] as const)("finds the classes of %s", (_, name, dims, classes, positions) => {
  expect(scoreAxis(name, waves([...dims]))).toEqual({ classes, positions, stride: 1, isDistribution: false });
});

it.each([
  ["one value", "output", [1]],
  ["a scalar", "output", []],
  ["one score per frame", "logits", [100, 1]],
  ["boxes", "boxes", [100, 4]],
  ["the boxes of a single object", "bbox", [4]],
  ["an embedding", "sentence_embedding", [384]],
  ["hidden states", "last_hidden_state", [8, 32]],
  ["a sequence of unknown meaning", "output", [8, 32]],
  ["an image", "output", [3, 16, 16]],
  ["segmentation logits, whose class axis is a guess", "logits", [5, 16, 16]],
  ["a mask", "masks", [1, 16, 16]],
] as const)("finds none in %s", (_, name, dims) => {
  expect(scoreAxis(name, waves([...dims]))).toBeUndefined();
});

it("takes values for evidence where the name says nothing", () => {
  expect(scoreAxis("y", oneHot([8, 5]))).toMatchObject({ classes: 5, positions: 8, isDistribution: true });
  expect(scoreAxis("y", oneHot([4, 6, 5]))).toMatchObject({ classes: 5, positions: 24 });
  const logarithms = oneHot([8, 5]);
  const values = logarithms.values.map((value) => (value === 1 ? 0 : Number.NEGATIVE_INFINITY));
  expect(scoreAxis("y", { ...logarithms, values })).toMatchObject({ classes: 5, isDistribution: false });
});

it("takes vectors of length 1 for embeddings", () => {
  const values = Float64Array.of(0.6, -0.8, 0.8, 0.6);
  expect(scoreAxis("y", { items: 2, itemDims: [2], values })).toBeUndefined();
  expect(scoreAxis("logits", { items: 2, itemDims: [2], values })).toBeDefined();
});
