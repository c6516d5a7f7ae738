import type { FeedBatch } from "#engine/evaluate/dataset/feeds.ts";
import type { HostTensor, TensorMap } from "#engine/evaluate/tensors/tensor.ts";
import type { Graph, Model } from "#engine/onnx/model.ts";
import { type Exposure, expose } from "./observation/exposure.ts";
import { occurrences } from "./observation/log.ts";
import type { Place } from "./observation/place.ts";
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

/** What is at places for one batch of calibration items. */
export interface Sightings {
  /**
   * The value each time that the graph which looks at it ran: once in the main graph, once a turn in a loop, not at all
   * in a branch that was not taken. Places that cannot be looked at are missing.
   */
  readonly values: ReadonlyMap<Place, readonly HostTensor[]>;
  readonly batch: FeedBatch;
}

/**
 * As `observe`, for values in subgraphs of If, Loop and Scan as well.
 *
 * @param places by scopes of `model`
 * @returns what was seen
 * @throws EngineError as `observe` does
 */
export async function observePlaces(
  model: Model,
  places: Iterable<Place>,
  tools: PassTools,
  onBatch: (sightings: Sightings) => void | Promise<void>,
): Promise<Sight> {
  const wanted = [...new Set(places)];
  const main = wanted.filter(({ scope }) => scope.kind === "main");
  const inner = wanted.filter(({ scope }) => scope.kind !== "main");
  const show = (some: readonly Place[]): Exposure => {
    const exposure = expose(model, some);
    const lists = [...exposure.logs.values()].flatMap(({ elements, shapes }) => [elements.name, shapes.name]);
    const names = [...main.map(({ name }) => name), ...lists];
    return { ...exposure, model: { ...exposure.model, graph: showing(exposure.model.graph, names) } };
  };
  const seen = new Set<Place>();
  const hidden = await watch(inner, show, tools, (results, batch, { logs }) => {
    const values = new Map<Place, readonly HostTensor[]>();
    for (const place of main) {
      const tensor = results[place.name] ?? batch.feeds[place.name];
      if (tensor !== undefined) values.set(place, [tensor]);
    }
    for (const [place, { elements, shapes }] of logs) {
      const tensors = occurrences(results[elements.name], results[shapes.name]);
      if (tensors !== undefined) values.set(place, tensors);
    }
    for (const [place, tensors] of values) if (tensors.length > 0) seen.add(place);
    return onBatch({ values, batch });
  });
  return new Sight(hidden, seen);
}

/** A graph that has these values among its outputs, but for its inputs. */
export function showing(graph: Graph, names: readonly string[]): Graph {
  const known = new Set([...graph.input, ...graph.output].map(({ name }) => name));
  const further = names.filter((name) => !known.has(name));
  return { ...graph, output: [...graph.output, ...further.map((name) => ({ name }))] };
}
