import { describe, expect, it } from "vitest";
import { cloneStructure } from "#engine/graph/clone.ts";
import { indexModel } from "#engine/graph/index.ts";
import type { Model } from "#engine/onnx/model.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { silent } from "../pass.ts";
import { pruneMagnitudeSchema } from "../prune.magnitude.schema.ts";
import { pruneMagnitude } from "../prune.magnitude.ts";
import { pruneWandaSchema } from "../prune.wanda.schema.ts";
import { pruneWanda } from "../prune.wanda.ts";
import { prunableWeights } from "../prune-magnitude/weights.ts";
import { calibrating, valueError } from "../testing/calibration.ts";
import { loadModel } from "../testing/describe.ts";
import { loadMnist } from "../testing/mnist.ts";

const data = sharedData("data/datasets/mnist");
const folder = sharedData("data/onnx/mnist");
const files = [
  "cnn_max_mninst2.onnx",
  "softmax-last-layer.onnx",
  "mnist2x10.onnx",
  "mnist5x20_leaky_relu.onnx",
];

/** The original with a single tensor as it is in the variant: what stands before that layer stays the same. */
function withOne(original: Model, variant: Model, name: string): Model {
  const copy = cloneStructure(original);
  const fresh = variant.graph.initializer.find((tensor) => tensor.name === name);
  copy.graph.initializer = copy.graph.initializer.map((tensor) =>
    tensor.name === name && fresh ? fresh : tensor,
  );
  return copy;
}

describe.skipIf(data === undefined || folder === undefined)(
  "on MNIST, 300 items of train, half of the weights",
  () => {
    // Not everywhere: of a layer with few inputs (a kernel of 16 weights, outputs of 10) the same share must go from
    // every output, while magnitude pruning takes it from the whole tensor, and the norms differ little.
    it("layer outputs suffer less than from magnitude pruning: all wide ones, and most others", {
      timeout: 60_000,
    }, async () => {
      const mnist = loadMnist(data ?? "");
      const lines: string[] = [];
      const better: boolean[] = [];
      for (const file of files) {
        const original = loadModel(`${folder}/${file}`);
        const wanda = cloneStructure(original);
        const step = pruneWandaSchema.parse({ use: "prune.wanda" });
        await pruneWanda(wanda, step, calibrating(mnist.calibration));
        const magnitude = cloneStructure(original);
        const options = { use: "prune.magnitude", scope: "layer" };
        await pruneMagnitude(magnitude, pruneMagnitudeSchema.parse(options), silent);
        const accuracies = [];
        for (const one of [original, wanda, magnitude])
          accuracies.push((await mnist.accuracy(one)).toFixed(4));
        lines.push(`${file}: accuracy ${accuracies.join(", ")} (original, wanda, magnitude)`);
        for (const { value, tensor, readers } of prunableWeights(indexModel(original), []).weights) {
          const output = readers[0]?.node.output[0] ?? "";
          const errors = [];
          for (const variant of [wanda, magnitude]) {
            const one = withOne(original, variant, value.name);
            errors.push(await valueError(original, one, output, mnist.calibration));
          }
          const [ours = 1, theirs = 0] = errors;
          lines.push(`  ${value.name}: ${ours.toFixed(4)} by wanda, ${theirs.toFixed(4)} by magnitude`);
          better.push(ours < theirs);
          if (Math.max(...tensor.dims) > 100) expect(ours, value.name).toBeLessThan(0.6 * theirs);
        }
      }
      console.log(lines.join("\n"));
      expect(better).toHaveLength(17);
      expect(better.filter(Boolean).length).toBeGreaterThanOrEqual(14);
    });
  },
);
