import { english } from "#engine/english.ts";
import { EngineError } from "#engine/error.ts";
import { signatureInputs } from "#engine/inspect/signature.ts";
import { markUntrained } from "#engine/inspect/untrained.ts";
import type { Inspection } from "#engine/inspect.schema.ts";
import { encodedLength } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import type { Architecture } from "./architecture.schema.ts";
import { leNet5 } from "./lenet-5.ts";
import { lstm } from "./lstm.ts";
import { mlp } from "./mlp.ts";
import { mobilenet } from "./mobilenet.ts";
import { Outline, type Seed } from "./network.ts";
import { matrixFactorization, twoTower } from "./recommender.ts";
import { resnet } from "./resnet.ts";
import { textCnn } from "./text-cnn.ts";
import { transformer } from "./transformer.ts";

/**
 * Most parameters of a model that is built here: drawing them takes less than a second, and 40 MB, of a process that others
 * wait for. Training larger ones from nothing on the processors of one machine takes weeks.
 */
export const maxParameters = 10_000_000;

const leastImage = 16;

/** Why an architecture cannot be built; undefined where it can. Takes no memory, however large the architecture is. */
export function architectureRefusal(spec: Architecture): EngineRemark | undefined {
  if (spec.kind === "lenet-5" && Math.min(spec.input[1], spec.input[2]) < leastImage)
    return say("catalogue.smallImages", { least: leastImage });
  if (spec.kind === "text-cnn" && Math.max(...spec.kernels) > spec.length)
    return say("catalogue.wideKernel", { length: spec.length });
  if (spec.kind === "transformer" && spec.width % spec.heads !== 0)
    return say("catalogue.heads", { heads: spec.heads, width: spec.width });
  const { parameters } = outlineOf(spec);
  if (parameters > maxParameters)
    return say("catalogue.tooManyParameters", { parameters, limit: maxParameters });
  return undefined;
}

/** What an architecture would be as a model. */
export interface ArchitectureSize extends Pick<Inspection, "parameters" | "inputs" | "outputs"> {
  /** Of the file; true to a tenth of a per cent. */
  readonly bytes: number;
}

/** Sizes, inputs and outputs of an architecture, without building its weights. */
export function measureArchitecture(spec: Architecture): ArchitectureSize {
  const { parameters, bytes, model } = outlineOf(spec);
  const outputs = signatureInputs({ ...model, graph: { ...model.graph, input: model.graph.output } });
  return { parameters, bytes, inputs: signatureInputs(model), outputs };
}

/**
 * Builds an architecture with weights that follow from the seed. Its file says that it is untrained.
 *
 * @throws EngineError "invalid-option" where its numbers do not go together, or would be too many weights
 */
export function buildArchitecture(spec: Architecture, seed: number): Model {
  const refusal = architectureRefusal(spec);
  if (refusal !== undefined)
    throw new EngineError("invalid-option", english(refusal), undefined, { remark: refusal });
  const model = networkOf(spec, seed);
  markUntrained(model, { architecture: spec, seed });
  return model;
}

function outlineOf(spec: Architecture) {
  const outline = new Outline();
  const model = networkOf(spec, outline);
  markUntrained(model, { architecture: spec, seed: 0 });
  return { parameters: outline.parameters, bytes: outline.tensorBytes + encodedLength(model), model };
}

function networkOf(spec: Architecture, seed: Seed): Model {
  switch (spec.kind) {
    case "mlp":
      return mlp(spec, seed);
    case "lenet-5":
      return leNet5(spec, seed);
    case "resnet":
      return resnet(spec, seed);
    case "mobilenet":
      return mobilenet(spec, seed);
    case "text-cnn":
      return textCnn(spec, seed);
    case "transformer":
      return transformer(spec, seed);
    case "lstm":
      return lstm(spec, seed);
    case "matrix-factorization":
      return matrixFactorization(spec, seed);
    case "two-tower":
      return twoTower(spec, seed);
  }
}
