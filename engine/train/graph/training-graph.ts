import { EngineError } from "#engine/error.ts";
import { failure } from "#engine/failure.ts";
import { cloneStructure } from "#engine/graph/clone.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import { nodePlace } from "#engine/graph/scope.ts";
import { intAttribute } from "#engine/onnx/attributes.ts";
import { makeValue } from "#engine/onnx/build.ts";
import { dtypeOfCode } from "#engine/onnx/dtypes.ts";
import type { Model } from "#engine/onnx/model.ts";
import { quote } from "#engine/onnx/quote.ts";
import { detachInitializersFromInputs } from "#engine/passes/initializers.ts";
import { withoutFunctions } from "#engine/passes/inline-functions.ts";
import { upgradeOpset } from "#engine/passes/upgrade-opset/index.ts";
import { say } from "#engine/say.ts";
import { differentiate } from "../autodiff/differentiate.ts";
import { Emitter } from "../autodiff/emitter.ts";
import { ForwardGraph } from "../autodiff/forward.ts";
import { type Known, sizeOf } from "../autodiff/operand.ts";
import { lossNodes, type TargetForm, targetOf } from "../losses/index.ts";
import type { LossOptions } from "../losses/loss.schema.ts";
import { type RunningStatistic, trainBatchNormalization } from "../prepare/batch-normalization.ts";
import { type DropoutMask, maskDropout } from "../prepare/dropout.ts";
import { unrollRecurrent } from "../prepare/recurrent.ts";
import { type TrainableTensor, trainableTensors } from "./parameters.ts";

/** Forward and backward share one opset; since 18 reductions take their axes as inputs. */
const leastOpset = 18;

export interface TrainingRequest {
  /** Shape of each input in every step, the batch included. */
  readonly inputDims: ReadonlyMap<string, readonly number[]>;
  /** The output that the loss is about; by default the first one. */
  readonly output?: string;
  readonly loss: LossOptions;
  /** Names of tensors or nodes whose weights stay as they are; a frozen BatchNormalization keeps its statistics, too. */
  readonly frozen?: readonly string[];
}

/** One step of a training as a graph: weights and a batch in, the loss and the gradients out. */
export interface TrainingGraph {
  readonly model: Model;
  /** Fed by name in every step. */
  readonly parameters: readonly TrainableTensor[];
  /** Outputs by parameter. */
  readonly gradients: ReadonlyMap<string, string>;
  /** Running means and variances of batch normalisation: fed, and given as they are after the batch. */
  readonly statistics: readonly RunningStatistic[];
  /** Masks of dropout, which every step is fed anew. */
  readonly masks: readonly DropoutMask[];
  /** Output: a scalar. */
  readonly loss: string;
  /** Output: what the model says of the batch, logits where the loss is about them. */
  readonly prediction: string;
  readonly predictionDims: readonly number[];
  /** Input for the labels, where the loss compares with any. */
  readonly target: (TargetForm & { readonly name: string }) | undefined;
  /** The forward half alone, as it is when the model is used, with the same inputs and the prediction as its output. */
  readonly evaluation: Model;
  /** Names of `frozen` that the model does not have. */
  readonly unknown: readonly string[];
  /** Bytes of all values that a step computes, an upper bound of what it needs at once. */
  readonly valueBytes: number;
}

/**
 * Differentiates a model for training.
 *
 * @throws EngineError "not-differentiable" naming node and operator, or where nothing is left to train;
 *   "invalid-option" for an output that the model does not have
 */
export function trainingGraph(source: Model, request: TrainingRequest): TrainingGraph {
  const model = prepared(source, request.inputDims);
  const { graph } = model;
  const { trainable, unknown } = trainableTensors(model, request.frozen);
  const frozen = new Set(request.frozen);
  const statistics = trainBatchNormalization(
    model,
    ({ name, input }) => frozen.has(name ?? "") || input.slice(1).some((tensor) => frozen.has(tensor)),
  );
  const masks = maskDropout(model, request.inputDims);
  unrollRecurrent(model, request.inputDims);
  const forward = new ForwardGraph(model, request.inputDims);
  // Before rules ask nodes for further outputs.
  const ahead = forwardElements(forward);
  const emit = new Emitter(uniqueNames(model));
  const prediction = predictionOf(forward, request);
  const form = targetOf(request.loss, prediction);
  const target = form && { ...form, name: emit.name("training_target") };
  const { loss, gradient } = lossNodes(emit, request.loss, prediction, target);
  const seeds = new Map([[prediction.name, gradient]]);
  const names = trainable.map(({ name }) => name);
  const found = differentiate(forward, emit, seeds, names);
  const parameters = trainable.filter(({ name }) => found.has(name));
  if (parameters.length === 0) {
    const reason = trainable.length === 0 ? say("training.nothingMoves") : say("training.noPart");
    throw failure("not-differentiable", reason, `output ${quote(prediction.name)}`);
  }
  const fed = new Set(parameters.map(({ name }) => name));
  graph.initializer = [...graph.initializer.filter(({ name = "" }) => !fed.has(name)), ...emit.initializers];
  graph.node = [
    ...forward.nodes.filter((node) => !(node.opType === "Constant" && fed.has(node.output[0] ?? ""))),
    ...emit.nodes,
  ];
  graph.input.push(...parameters.map(({ name, dims }) => makeValue(name, "float32", dims)));
  if (target !== undefined) graph.input.push(makeValue(target.name, target.dtype, target.dims));
  const gradients = new Map(
    [...found].filter(([name]) => fed.has(name)).map(([name, { name: output }]) => [name, output]),
  );
  const updates = statistics.map(({ updated }) => updated);
  graph.output = [loss.name, prediction.name, ...gradients.values(), ...updates].map((name) =>
    makeValue(name, "float32"),
  );
  const valueBytes = 4 * (emit.elements + ahead);
  return {
    model,
    parameters,
    gradients,
    statistics,
    masks,
    loss: loss.name,
    prediction: prediction.name,
    predictionDims: prediction.dims,
    target,
    evaluation: evaluationOf(prepared(source, request.inputDims), prediction.name, [
      ...parameters,
      ...statistics.map(({ name, initial }) => ({ name, dims: [initial.length] })),
    ]),
    unknown,
    valueBytes,
  };
}

/** A copy in a form that can be differentiated, with the shapes of its inputs written down. */
function prepared(source: Model, inputDims: TrainingRequest["inputDims"]): Model {
  const { model: inlined } = withoutFunctions(source);
  const model = cloneStructure(inlined);
  upgradeOpset(model, leastOpset);
  detachInitializersFromInputs(model);
  const { graph } = model;
  graph.input = graph.input.map((input) => {
    const dims = inputDims.get(input.name);
    const dtype = dtypeOfCode(input.type?.tensorType?.elemType ?? 0);
    return dims === undefined || dtype === undefined ? input : makeValue(input.name, dtype, dims);
  });
  // Shapes that exporters wrote down are those of another batch.
  graph.valueInfo = [];
  graph.output = graph.output.map(({ name }) => ({ name }));
  return model;
}

/** @param given what training may have changed, which is fed */
function evaluationOf(
  model: Model,
  prediction: string,
  given: readonly { readonly name: string; readonly dims: readonly number[] }[],
): Model {
  const { graph } = model;
  const fed = new Set(given.map(({ name }) => name));
  graph.node = graph.node.filter((node) => !(node.opType === "Constant" && fed.has(node.output[0] ?? "")));
  graph.initializer = graph.initializer.filter(({ name = "" }) => !fed.has(name));
  graph.input.push(...given.map(({ name, dims }) => makeValue(name, "float32", dims)));
  graph.output = [makeValue(prediction, "float32")];
  return model;
}

/** What the loss takes: the values before a last Softmax or Sigmoid, which the loss has in it. */
function predictionOf(forward: ForwardGraph, { output, loss }: TrainingRequest): Known {
  const { graph } = forward.model;
  const name = output ?? graph.output[0]?.name ?? "";
  if (!graph.output.some((value) => value.name === name))
    throw new EngineError("invalid-option", `The model has no output ${quote(name)}`);
  const makers = new Map(forward.nodes.flatMap((node) => node.output.map((made) => [made, node] as const)));
  let at = name;
  let maker = makers.get(at);
  while (maker?.opType === "Identity") {
    at = maker.input[0] ?? "";
    maker = makers.get(at);
  }
  const known = forward.known(at);
  const source = maker?.input[0] ?? "";
  if (loss.kind === "cross-entropy" || loss.kind === "masked-cross-entropy") {
    if (maker?.opType !== "Softmax") return known;
    const axis = Number(intAttribute(maker, "axis") ?? -1n);
    if (axis === -1 || axis === known.dims.length - 1) return forward.known(source);
    throw new EngineError(
      "not-differentiable",
      "Its classes are not on the last axis, which cross-entropy needs",
      nodePlace(maker),
    );
  }
  return loss.kind === "binary-cross-entropy" && maker?.opType === "Sigmoid" ? forward.known(source) : known;
}

function forwardElements(forward: ForwardGraph): number {
  let sum = 0;
  for (const node of forward.nodes) {
    for (const name of node.output) if (name !== "") sum += sizeOf(forward.known(name).dims);
  }
  return sum;
}
