import { expect, it } from "vitest";
import { english } from "#engine/english.ts";
import { readFloats } from "#engine/onnx/make.ts";
import { trainingOf } from "#engine/runtime/tools.ts";
import { isRemark } from "#engine/say.ts";
import { noise } from "#engine/train/autodiff/testing/case.ts";
import { conv, relu } from "#engine/train/catalogue/layers.ts";
import { mlp } from "#engine/train/catalogue/mlp.ts";
import { Network } from "#engine/train/catalogue/network.ts";
import { matchHidden } from "./hidden.ts";
import { Observed } from "./observed.ts";
import { quarters } from "./testing/images.ts";

const pair = { student: "conv1", teacher: "theirs", weight: 1, loss: "mse" } as const;
const how = { batch: 2, seed: 3 };

function network() {
  const net = new Network(1);
  const x = net.input("input", [1, 4, 4]);
  return net.finish("channels", [x], relu(net, conv(net, x, "conv1", 3, 3)), "output");
}

it("images are projected channel by channel, with a kernel of one place", async () => {
  const source = network();
  const matched = matchHidden(source, [pair], [[3, 2, 2]], [[5, 2, 2]], how);
  if (isRemark(matched)) throw new Error(english(matched));
  expect(source.graph.node.some(({ output }) => output.includes("conv1_projected"))).toBe(false);
  expect(matched.losses[0]).toMatchObject({ value: "conv1_projected", dims: [2, 5, 2, 2] });
  const kernel = matched.model.graph.initializer.find(({ name }) => name === "conv1_projection");
  expect(kernel?.dims).toEqual([5, 3, 1, 1]);
  const weights = kernel === undefined ? new Float32Array() : readFloats(kernel);
  const observed = await Observed.open(matched.model, ["conv1", "conv1_projected"], trainingOf(quarters()));
  const data = Float32Array.from(noise(32, 4));
  const [from, to] = await observed.run({ input: { dtype: "float32", dims: [2, 1, 4, 4], data } }, 2);
  await observed.release();
  expect(to?.dims).toEqual([2, 5, 2, 2]);
  to?.data.forEach((value, at) => {
    const [item, channel, place] = [Math.floor(at / 20), Math.floor(at / 4) % 5, at % 4];
    const parts = [0, 1, 2].map(
      (k) => (weights[channel * 3 + k] ?? 0) * (from?.data[(item * 3 + k) * 4 + place] ?? 0),
    );
    expect(value).toBeCloseTo(
      parts.reduce((a, b) => a + b, 0),
      5,
    );
  });
});

it("what has the same width is compared as it is", () => {
  const model = mlp({ input: [4], hidden: [6], outputs: 2 }, 1);
  const same = matchHidden(model, [{ ...pair, student: "dense1" }], [[6]], [[6]], how);
  expect(isRemark(same) || same.losses[0]?.value).toBe("dense1");
  const sequence = matchHidden(model, [{ ...pair, student: "dense1" }], [[7, 6]], [[7, 9]], how);
  if (isRemark(sequence)) throw new Error(english(sequence));
  expect(sequence.model.graph.initializer.at(-1)?.dims).toEqual([6, 9]);
});

it.each([
  { ours: [3, 2, 2], theirs: [3, 4, 4] },
  { ours: [3], theirs: [3, 4] },
  { ours: [7, 6], theirs: [8, 6] },
  { ours: [], theirs: [] },
])("$ours is not compared with $theirs", ({ ours, theirs }) => {
  const reason = matchHidden(network(), [pair], [ours], [theirs], how);
  expect(isRemark(reason) && english(reason)).toBe(
    `"hidden" compares "conv1" of [${ours.join(", ")}] with "theirs" of [${theirs.join(", ")}]: only their widths may differ`,
  );
});
