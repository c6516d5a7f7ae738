import { EngineError } from "#engine/error.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import type { Model, Node } from "#engine/onnx/model.ts";
import { own } from "#engine/own.ts";
import { isStandard } from "#engine/passes/domains.ts";
import { Emitter } from "../autodiff/emitter.ts";
import { ForwardGraph } from "../autodiff/forward.ts";
import { Site } from "../autodiff/rule.ts";
import { gruStep } from "./gru.ts";
import { lstmStep } from "./lstm.ts";
import { type Cell, unroll } from "./unroll.ts";

/**
 * Steps of all recurrent nodes of a model together, both directions counted. Each becomes about a dozen nodes and three
 * times as many for its gradients, which ONNX Runtime plans one by one.
 */
export const maxUnrolledSteps = 1024;

const cells: Readonly<Record<string, Cell>> = { GRU: gruStep, LSTM: lstmStep };

/**
 * Replaces every LSTM and GRU of the main graph by its steps, one after the other, over the length that sequences have in
 * training. Weights keep their names and shapes.
 *
 * @param model changed in place; opset 18 or later
 * @param inputDims the shape of each input in every step of the training
 * @returns how many steps there are
 * @throws EngineError "not-differentiable" for a form that cannot be unrolled, "limit-exceeded" above `maxUnrolledSteps`
 */
export function unrollRecurrent(model: Model, inputDims: ReadonlyMap<string, readonly number[]>): number {
  const { graph } = model;
  const cellOf = (node: Node) => (isStandard(node) ? own(cells, node.opType) : undefined);
  if (!graph.node.some((node) => cellOf(node) !== undefined)) return 0;
  const forward = new ForwardGraph(model, inputDims);
  const unique = uniqueNames(model);
  let steps = 0;
  graph.node = graph.node.flatMap((node) => {
    const cell = cellOf(node);
    if (cell === undefined) return [node];
    const known = (name: string) => (name === "" ? undefined : forward.known(name));
    const site = new Site(node, node.input.map(known), node.output.map(known), [], unique);
    steps += (site.input(0).dims[0] ?? 0) * (site.input(1).dims[0] ?? 1);
    if (steps > maxUnrolledSteps) {
      throw new EngineError(
        "limit-exceeded",
        `Recurrent layers take ${steps} steps or more; training unrolls at most ${maxUnrolledSteps}: shorten the sequences`,
        site.place,
      );
    }
    const prefix = `${node.name || node.output.find((name) => name !== "")}_`;
    const emit = new Emitter((wanted) => unique(wanted.replace(/^(n_)?grad_/, prefix)));
    unroll(site, emit, cell);
    graph.initializer.push(...emit.initializers);
    return emit.nodes;
  });
  return steps;
}
