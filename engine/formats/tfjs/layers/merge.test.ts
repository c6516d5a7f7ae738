import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, it } from "vitest";
import { expectSame } from "../testing/compare.ts";
import { value } from "../testing/sequential.ts";

const { layers } = tf;

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** A layer over several inputs of these shapes. */
function merging(layer: Parameters<typeof value>[0], ...shapes: number[][]): tf.LayersModel {
  const inputs = shapes.map((shape) => tf.input({ shape }));
  return tf.model({ inputs, outputs: value(layer, inputs) });
}

describe("layers of several inputs", () => {
  it.each([
    ["add", () => layers.add()],
    ["multiply", () => layers.multiply()],
    ["average", () => layers.average()],
    ["maximum", () => layers.maximum()],
    ["minimum", () => layers.minimum()],
  ] as const)("%s", async (_, make) => {
    await expectSame(merging(make(), [5], [5]));
    await expectSame(merging(make(), [3, 5], [3, 5], [3, 5]));
    await expectSame(merging(make(), [3, 5], [1, 5], [3, 1]));
    await expectSame(merging(make(), [2, 3, 5], [5], [1, 5]));
  });

  it("concatenate along each axis", async () => {
    await expectSame(merging(layers.concatenate(), [5], [3]));
    await expectSame(merging(layers.concatenate({ axis: 1 }), [4, 2, 3], [1, 2, 3], [2, 2, 3]));
    await expectSame(merging(layers.concatenate({ axis: 2 }), [4, 2, 3], [4, 5, 3]));
  });

  it("dot along axes, of vectors and matrices", async () => {
    for (const normalize of [false, true]) {
      await expectSame(merging(layers.dot({ axes: 1, normalize }), [5], [5]));
      await expectSame(merging(layers.dot({ axes: -1, normalize }), [5], [5]));
      await expectSame(merging(layers.dot({ axes: [2, 1], normalize }), [3, 5], [5, 4]));
      await expectSame(merging(layers.dot({ axes: [1, 1], normalize }), [5, 3], [5, 4]));
      await expectSame(merging(layers.dot({ axes: [2, 2], normalize }), [3, 5], [4, 5]));
      await expectSame(merging(layers.dot({ axes: [1, 2], normalize }), [5, 3], [4, 5]));
    }
  });
});
