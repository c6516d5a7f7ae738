import { randomStream } from "#engine/evaluate/statistics/random.ts";
import { makeGraph, makeModel, makeValue } from "#engine/onnx/build.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Model, Node } from "#engine/onnx/model.ts";

const random = (seed: number, count: number, scale = 1) => {
  const stream = randomStream(seed);
  return Float32Array.from({ length: count }, () => scale * stream.normal());
};

const node = (opType: string, input: string[], output: string[]): Node => ({
  opType,
  input,
  output,
  attribute: [],
});

/** Features and classes of the test dataset. */
export const features = 16;
export const classes = 4;

/** A classifier: x [N, 16] → `hidden` → 4 scores. The first four features carry the class. */
export function denseModel(hidden = 64): Model {
  const first = random(1, features * hidden, 0.05);
  const second = random(2, hidden * classes, 0.05);
  // Each class has a path of its own; the rest is noise that a good compression may drop.
  for (let label = 0; label < classes; label++) {
    first[label * hidden + label] = 3;
    second[label * classes + label] = 3;
  }
  return makeModel(
    makeGraph({
      name: "dense",
      input: [makeValue("x", "float32", ["N", features])],
      output: [makeValue("y", "float32", ["N", classes])],
      initializer: [
        makeTensor("w1", "float32", [features, hidden], first),
        makeTensor("b1", "float32", [hidden], new Float32Array(hidden)),
        makeTensor("w2", "float32", [hidden, classes], second),
      ],
      node: [
        node("MatMul", ["x", "w1"], ["h0"]),
        node("Add", ["h0", "b1"], ["h1"]),
        node("Relu", ["h1"], ["h2"]),
        node("MatMul", ["h2", "w2"], ["y"]),
      ],
    }),
    { opset: 17 },
  );
}

/** Nothing but a convolution: dynamic quantisation has nothing to gain here. */
export function convolutionModel(): Model {
  return makeModel(
    makeGraph({
      name: "convolution",
      input: [makeValue("x", "float32", [1, 1, 12, 12])],
      output: [makeValue("y", "float32", [1, 4, 10, 10])],
      initializer: [makeTensor("w", "float32", [4, 1, 3, 3], random(3, 36))],
      node: [node("Conv", ["x", "w"], ["y"])],
    }),
    { opset: 17 },
  );
}

export const bytesOf = (model: Model): Uint8Array => joinChunks(encodeModel(model));

/** Rows of features and their class, as CSV: mostly what `denseModel` says, with some labels wrong. */
export function csvRows(count: number): string {
  const stream = randomStream(7);
  const header = [...Array.from({ length: features }, (_, index) => `f${index}`), "label"].join(",");
  const lines = Array.from({ length: count }, () => {
    const label = stream.below(classes);
    const row = Array.from(
      { length: features },
      (_, index) => 0.4 * stream.normal() + (index === label ? 1 : 0),
    );
    const said = stream.below(20) === 0 ? stream.below(classes) : label;
    return [...row.map((value) => value.toFixed(4)), said].join(",");
  });
  return [header, ...lines].join("\n");
}

export const csvManifest = {
  name: "points",
  task: "classification",
  splits: { file: "points.csv", seed: 1, test: 0.5 },
  inputs: [{ to: "x", from: "f0..f15", dtype: "float32" }],
  label: { from: "label" },
} as const;
