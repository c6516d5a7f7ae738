import { describe, expect, it } from "vitest";
import type { HostTensor } from "#engine/evaluate/tensors/tensor.ts";
import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import { decodeModel } from "#engine/onnx/decode.ts";
import type { Model } from "#engine/onnx/model.ts";
import {
  floats,
  graph,
  int64s,
  model,
  node,
  randomFloats,
  value,
  weight,
} from "#engine/passes/testing/build.ts";
import { upgradeOpset } from "#engine/passes/upgrade-opset/index.ts";
import { bytesOf } from "#engine/testing/models.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { spellLayerNorms } from "./testing/layer-norm.ts";
import { floatFeed, Network } from "./testing/network.ts";

/** Central differences of a loss in float32 leave two to three digits where gradients are small beside it. */
const loose = 1e-2;

function random(dims: readonly number[], seed: number): HostTensor {
  return floatFeed(
    dims,
    randomFloats(
      dims.reduce((a, b) => a * b, 1),
      seed,
    ),
  );
}

function integers(dims: readonly number[], values: readonly number[]): HostTensor {
  return { dtype: "int64", dims: [...dims], data: BigInt64Array.from(values, BigInt) };
}

async function expectGradients(
  main: Model,
  feeds: Record<string, HostTensor>,
  wanted: readonly string[],
  seeded?: readonly string[],
): Promise<void> {
  await using network = await Network.load(main, feeds, wanted, seeded);
  for (const name of wanted) expect(await network.largestGap(name, 6), name).toBeLessThan(loose);
}

/** A real model in the opset of training graphs. */
function real(path: string): Model | undefined {
  const found = sharedData(path);
  if (found === undefined) return undefined;
  const main = decodeModel(bytesOf(found));
  if ((main.opsetImport.find(({ domain }) => !domain)?.version ?? 18) < 18) upgradeOpset(main, 18);
  return main;
}

describe("gradients of whole networks", () => {
  it("of a perceptron with softmax and cross-entropy: softmax minus one-hot", async () => {
    const [batch, inputs, hidden, classes] = [4, 5, 6, 3];
    const labels = [2, 0, 1, 2];
    const oneHot = Array.from({ length: batch * classes }, (_, at) =>
      at % classes === labels[Math.floor(at / classes)] ? 1 : 0,
    );
    const nodes = [
      node("Gemm", ["x", "w1", "b1"], ["h"]),
      node("Tanh", ["h"], ["a"]),
      node("Gemm", ["a", "w2", "b2"], ["logits"]),
      node("Softmax", ["logits"], ["p"], [makeInt("axis", -1)]),
      node("Log", ["p"], ["lp"]),
      node("Mul", ["lp", "oneHot"], ["picked"]),
      node("ReduceSum", ["picked"], ["sum"], [makeInt("keepdims", 0)]),
      node("Neg", ["sum"], ["loss"]),
    ];
    const main = model(
      graph({
        node: nodes,
        input: [value("x", [batch, inputs])],
        output: [value("loss", [])],
        initializer: [
          weight("w1", [inputs, hidden], 1),
          weight("b1", [hidden], 2),
          weight("w2", [hidden, classes], 3),
          weight("b2", [classes], 4),
          floats("oneHot", [batch, classes], oneHot),
        ],
      }),
      18,
    );
    const feeds = { x: random([batch, inputs], 5) };
    await expectGradients(main, feeds, ["w1", "b1", "w2", "b2", "x"]);
    await using network = await Network.load(main, feeds, ["logits", "b2"]);
    const found = await network.gradients();
    const [logits, bias] = [found.get("logits"), found.get("b2")];
    // Each row of softmax minus one-hot sums to nothing, and the bias gets the sum of the rows.
    for (let row = 0; row < batch; row++) {
      const values = [...(logits?.data.slice(row * classes, (row + 1) * classes) ?? [])];
      expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 5);
    }
    bias?.data.forEach((sum, at) => {
      const column = labels.map((_, row) => logits?.data[row * classes + at] ?? 0);
      expect(sum).toBeCloseTo(
        column.reduce((a, b) => a + b, 0),
        5,
      );
    });
  });

  it("of attention in a graph that reshapes, splits and transposes", async () => {
    const [batch, length, heads, width] = [2, 3, 2, 4];
    const split = [batch, length, heads, width / heads];
    const head = (name: string, perm: number[]) => [
      node("Reshape", [name, "split"], [`${name}4`]),
      node("Transpose", [`${name}4`], [`${name}h`], [makeInts("perm", perm)]),
    ];
    const main = model(
      graph({
        node: [
          node("MatMul", ["x", "wqkv"], ["qkv"]),
          node("Split", ["qkv", "thirds"], ["q", "k", "v"], [makeInt("axis", 2)]),
          ...head("q", [0, 2, 1, 3]),
          ...head("k", [0, 2, 3, 1]),
          ...head("v", [0, 2, 1, 3]),
          node("MatMul", ["qh", "kh"], ["scores"]),
          node("Softmax", ["scores"], ["attention"], [makeInt("axis", -1)]),
          node("MatMul", ["attention", "vh"], ["mixed"]),
          node("Transpose", ["mixed"], ["back"], [makeInts("perm", [0, 2, 1, 3])]),
          node("Reshape", ["back", "whole"], ["joined"]),
          node("MatMul", ["joined", "wo"], ["projected"]),
          node("Add", ["projected", "x"], ["y"]),
        ],
        input: [value("x", [batch, length, width])],
        output: [value("y", [batch, length, width])],
        initializer: [
          weight("wqkv", [width, 3 * width], 1),
          weight("wo", [width, width], 2),
          int64s("thirds", [width, width, width]),
          int64s("split", split),
          int64s("whole", [batch, length, width]),
        ],
      }),
      18,
    );
    await expectGradients(main, { x: random([batch, length, width], 3) }, ["x", "wqkv", "wo"]);
  });

  const tokens = [5, 17, 3, 999, 17, 42, 5, 8, 0, 64];
  for (const { name, path, feeds, wanted, seeded } of [
    {
      name: "a perceptron of seven layers",
      path: "data/onnx/mnist/mnist5x20_leaky_relu.onnx",
      feeds: { input: random([2, 1, 28, 28], 1) },
      wanted: ["input", "fc1.weight", "fc3.bias", "fc12.weight"],
    },
    {
      name: "a convolutional network",
      path: "data/onnx/mnist/cnn_max_mninst2.onnx",
      feeds: { conv2d_14_input: random([2, 28, 28, 1], 2) },
      wanted: ["conv2d_14_1/kernel:0", "conv2d_15_1/bias:0", "dense_14_1/kernel:0"],
    },
    {
      name: "two embeddings and their product",
      path: "data/torch/torch_mf.onnx",
      feeds: { user: integers([4], [3, 1, 3, 4999]), item: integers([4], [0, 7, 7, 7]) },
      wanted: ["u.weight", "i.weight"],
    },
    {
      name: "a transformer of two blocks",
      path: "data/torch/torch_transformer.onnx",
      feeds: { input_ids: integers([2, 5], tokens) },
      wanted: ["e.weight", "p", "b.0.qkv.bias", "b.0.n1.weight", "onnx::MatMul_237", "c.weight"],
    },
    {
      name: "a small BERT",
      path: "data/huggingface/bert-sentiment/model.onnx",
      feeds: {
        input_ids: integers([2, 5], tokens),
        attention_mask: integers([2, 5], [1, 1, 1, 1, 1, 1, 1, 1, 0, 0]),
      },
      wanted: [
        "m.bert.embeddings.word_embeddings.weight",
        "m.bert.embeddings.LayerNorm.weight",
        "m.bert.encoder.layer.0.attention.self.value.bias",
        "m.bert.encoder.layer.0.attention.self.query.bias",
      ],
      // Its logits hardly move: it has random weights.
      seeded: ["/m/bert/encoder/layer.1/output/LayerNorm/LayerNormalization_output_0"],
    },
    {
      name: "rotary embedding",
      path: "data/onnx/odd/test_rotary_embedding_interleaved_expanded.onnx",
      feeds: {
        input: random([2, 4, 3, 8], 3),
        cos_cache: random([50, 4], 4),
        sin_cache: random([50, 4], 5),
        position_ids: integers([2, 3], [0, 7, 7, 49, 1, 0]),
      },
      wanted: ["input", "cos_cache", "sin_cache"],
    },
  ]) {
    const main = real(path);
    it.skipIf(main === undefined)(`of ${name}`, { timeout: 60_000 }, async () => {
      if (main === undefined) return;
      spellLayerNorms(main);
      await expectGradients(main, feeds, wanted, seeded);
    });
  }
});
