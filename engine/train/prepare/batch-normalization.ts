import { EngineError } from "#engine/error.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import { nodePlace } from "#engine/graph/scope.ts";
import {
  floatAttribute,
  makeFloat,
  makeInt,
  makeNode,
  makeTensorAttribute,
  setAttribute,
} from "#engine/onnx/attributes.ts";
import { makeValue } from "#engine/onnx/build.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Model, Node } from "#engine/onnx/model.ts";
import { quote } from "#engine/onnx/quote.ts";
import { isStandard } from "#engine/passes/domains.ts";

/** A mean or variance of the data so far: fed to a step, which gives it as it is after the batch. */
export interface RunningStatistic {
  /** Input of the graph, under the name of the tensor that the model holds. */
  readonly name: string;
  /** Output of the graph. */
  readonly updated: string;
  readonly initial: Float32Array;
}

/**
 * Makes the BatchNormalization nodes of the main graph normalise by the mean and variance of each batch, and adds the
 * update of their running statistics: running · momentum + batch · (1 − momentum), as ONNX defines it.
 *
 * ONNX Runtime runs the operator in training, but gives no statistics of the batch: with momentum 0, the new running
 * statistics that it gives are just these. (Built from ReduceMean, the same takes half as long again.) It writes them
 * over its inputs 3 and 4, whose values then do not matter: each node gets two that nothing else reads. The variance is
 * the population's, Σ (x − mean)² / n, as in ONNX's definition; PyTorch keeps n / (n − 1) times that.
 *
 * @param model changed in place; opset 15 or later
 * @param isFrozen nodes that go on using their running statistics, which then stay as they are; so do nodes whose
 *   statistics are not tensors of the model
 * @throws EngineError "not-differentiable" where two nodes share a running statistic
 */
export function trainBatchNormalization(
  model: Model,
  isFrozen: (node: Node) => boolean = () => false,
): RunningStatistic[] {
  const { graph } = model;
  const unique = uniqueNames(model);
  const statistics = new Map<string, RunningStatistic>();
  const updates: Node[] = [];
  graph.node = graph.node.flatMap((node) => {
    if (node.opType !== "BatchNormalization" || !isStandard(node) || isFrozen(node)) return [node];
    const names = node.input.slice(3, 5);
    const tensors = names.flatMap((name) => graph.initializer.filter((tensor) => tensor.name === name));
    if (names.length < 2 || tensors.length !== 2 || !node.output[0]) return [node];
    const momentum = floatAttribute(node, "momentum") ?? 0.9;
    names.forEach((name, at) => {
      const tensor = tensors[at];
      if (tensor === undefined) return;
      if (statistics.has(name)) {
        throw new EngineError(
          "not-differentiable",
          `BatchNormalization cannot be trained: ${quote(name)} holds the statistics of two nodes`,
          nodePlace(node),
        );
      }
      const batch = unique(`${name}_batch`);
      // A model that was exported in training may name the update already.
      const updated = node.output[at + 1] || unique(`${name}_updated`);
      node.output[at + 1] = batch;
      statistics.set(name, { name, updated, initial: readFloats(tensor).slice() });
      updates.push(...mixture(unique, name, batch, updated, momentum));
    });
    setAttribute(node, makeInt("training_mode", 1));
    setAttribute(node, makeFloat("momentum", 0));
    // Of what is fed, so that no optimisation takes them for constants and folds the node into a convolution.
    const scratch = names.map((name) => unique(`${name}_scratch`));
    node.input = [...node.input.slice(0, 3), ...scratch];
    return [
      ...scratch.map((made, at) => makeNode("Neg", [names[at] ?? ""], [made], { name: unique(made) })),
      node,
    ];
  });
  const found = [...statistics.values()];
  graph.initializer = graph.initializer.filter(({ name = "" }) => !statistics.has(name));
  graph.input = graph.input.filter(({ name }) => !statistics.has(name));
  graph.input.push(...found.map(({ name, initial }) => makeValue(name, "float32", [initial.length])));
  graph.node.push(...updates);
  const given = new Set(graph.output.map(({ name }) => name));
  const added = found.filter(({ updated }) => !given.has(updated));
  graph.output.push(...added.map(({ updated, initial }) => makeValue(updated, "float32", [initial.length])));
  return found;
}

/** batch + (running − batch) · momentum. */
function mixture(
  unique: (wanted: string) => string,
  running: string,
  batch: string,
  updated: string,
  momentum: number,
): Node[] {
  const [gap, share, factor] = [
    unique(`${updated}_gap`),
    unique(`${updated}_share`),
    unique(`${updated}_momentum`),
  ];
  const value = makeTensor("", "float32", [], Float32Array.of(momentum));
  return [
    makeNode("Constant", [], [factor], {
      name: unique(factor),
      attribute: [makeTensorAttribute("value", value)],
    }),
    makeNode("Sub", [running, batch], [gap], { name: unique(gap) }),
    makeNode("Mul", [gap, factor], [share], { name: unique(share) }),
    makeNode("Add", [batch, share], [updated], { name: unique(updated) }),
  ];
}
