import type { FeedBatch } from "#engine/evaluate/dataset/feeds.ts";
import type { HostTensor, TensorMap } from "#engine/evaluate/tensors/tensor.ts";
import type { Value } from "#engine/graph/index.ts";
import type { Graph, Model } from "#engine/onnx/model.ts";
import { type Exposure, expose } from "./observation/exposure.ts";
import { occurrences } from "./observation/log.ts";
import { Sight } from "./observation/sight.ts";
import { watch } from "./observation/watch.ts";
import type { PassTools } from "./pass.ts";

/** Values of the main graph for one batch of calibration items. */
export interface Observation {
  readonly values: TensorMap;
  readonly batch: FeedBatch;
}

/**
 * Runs the calibration items through a model and hands on what inner values of its main graph are. Nothing is fused,
 * so that every name has its value; memory holds one batch at a time.
 *
 * @param names values of the main graph: inputs, results of nodes, outputs
 * @throws EngineError "runtime-refused" where the model does not run, "data-mismatch" where the data does not fit
 */
export async function observe(
  model: Model,
  names: Iterable<string>,
  tools: PassTools,
  onBatch: (observation: Observation) => void | Promise<void>,
): Promise<void> {
  const wanted = [...new Set(names)];
  const view = { model: { ...model, graph: showing(model.graph, wanted) }, hidden: new Map() };
  await watch(
    [],
    () => view,
    tools,
    (results, batch) => {
      const values: Record<string, HostTensor> = {};
      for (const name of wanted) {
        const value = results[name] ?? batch.feeds[name];
        if (value !== undefined) values[name] = value;
      }
      return onBatch({ values, batch });
    },
  );
}

/** Values of any graph for one batch of calibration items. */
export interface Occurrences {
  /**
   * What a value was, each time that it was computed: once in the main graph, once a turn in a loop, not at all in a
   * branch that was not taken. Values that cannot be looked at are missing.
   */
  readonly values: ReadonlyMap<Value, readonly HostTensor[]>;
  readonly batch: FeedBatch;
}

/**
 * As `observe`, for values of subgraphs of If, Loop and Scan as well.
 *
 * @param values by an index of `model`
 * @returns what was not seen
 * @throws EngineError as `observe` does
 */
export async function observeValues(
  model: Model,
  values: Iterable<Value>,
  tools: PassTools,
  onBatch: (occurrences: Occurrences) => void | Promise<void>,
): Promise<Sight> {
  const wanted = [...new Set(values)];
  const main = wanted.filter(({ scope }) => scope.kind === "main");
  const inner = wanted.filter(({ scope }) => scope.kind !== "main");
  const show = (some: readonly Value[]): Exposure => {
    const exposure = expose(model, some);
    const lists = [...exposure.logs.values()].flatMap(({ elements, shapes }) => [elements.name, shapes.name]);
    const names = [...main.map(({ name }) => name), ...lists];
    return { ...exposure, model: { ...exposure.model, graph: showing(exposure.model.graph, names) } };
  };
  const seen = new Set<Value>();
  const hidden = await watch(inner, show, tools, (results, batch, { logs }) => {
    const found = new Map<Value, readonly HostTensor[]>();
    for (const value of main) {
      const tensor = results[value.name] ?? batch.feeds[value.name];
      if (tensor !== undefined) found.set(value, [tensor]);
    }
    for (const [value, { elements, shapes }] of logs) {
      const seen = occurrences(results[elements.name], results[shapes.name]);
      if (seen !== undefined) found.set(value, seen);
    }
    for (const [value, tensors] of found) if (tensors.length > 0) seen.add(value);
    return onBatch({ values: found, batch });
  });
  return new Sight(hidden, seen);
}

/** A graph that has these values among its outputs, but for its inputs. */
export function showing(graph: Graph, names: readonly string[]): Graph {
  const known = new Set([...graph.input, ...graph.output].map(({ name }) => name));
  const further = names.filter((name) => !known.has(name));
  return { ...graph, output: [...graph.output, ...further.map((name) => ({ name }))] };
}
