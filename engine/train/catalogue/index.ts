import { EngineError } from "#engine/error.ts";
import type { Model } from "#engine/onnx/model.ts";
import type { Architecture } from "./architecture.schema.ts";
import { leNet5 } from "./lenet-5.ts";
import { lstm } from "./lstm.ts";
import { mlp } from "./mlp.ts";
import { mobilenet } from "./mobilenet.ts";
import { matrixFactorization, twoTower } from "./recommender.ts";
import { resnet } from "./resnet.ts";
import { textCnn } from "./text-cnn.ts";
import { transformer } from "./transformer.ts";

/**
 * Builds an architecture with weights that follow from the seed.
 *
 * @throws EngineError "invalid-option" where its numbers do not go together
 */
export function buildArchitecture(spec: Architecture, seed: number): Model {
  switch (spec.kind) {
    case "mlp":
      return mlp(spec, seed);
    case "lenet-5":
      if (Math.min(spec.input[1], spec.input[2]) < 16)
        throw invalid("LeNet-5 needs images of 16 × 16 and more");
      return leNet5(spec, seed);
    case "resnet":
      return resnet(spec, seed);
    case "mobilenet":
      return mobilenet(spec, seed);
    case "text-cnn":
      if (Math.max(...spec.kernels) > spec.length)
        throw invalid(`A kernel is wider than the ${spec.length} words of a text`);
      return textCnn(spec, seed);
    case "transformer":
      if (spec.width % spec.heads !== 0)
        throw invalid(`${spec.heads} heads do not divide a width of ${spec.width}`);
      return transformer(spec, seed);
    case "lstm":
      return lstm(spec, seed);
    case "matrix-factorization":
      return matrixFactorization(spec, seed);
    case "two-tower":
      return twoTower(spec, seed);
  }
}

function invalid(reason: string): EngineError {
  return new EngineError("invalid-option", reason);
}
