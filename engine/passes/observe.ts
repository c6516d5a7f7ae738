import type { FeedBatch } from "#engine/evaluate/dataset/feeds.ts";
import type { TensorMap } from "#engine/evaluate/tensors/tensor.ts";
import type { Model } from "#engine/onnx/model.ts";
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
  { load, calibration }: PassTools,
  onBatch: (observation: Observation) => void | Promise<void>,
): Promise<void> {
  if (load === undefined || calibration === undefined) throw new Error("observe needs data and a runtime");
  const inputs = new Set(model.graph.input.map(({ name }) => name));
  const given = new Set(model.graph.output.map(({ name }) => name));
  const wanted = [...new Set(names)];
  const inner = wanted.filter((name) => !inputs.has(name) && !given.has(name));
  const output = [...model.graph.output, ...inner.map((name) => ({ name }))];
  const session = await load({ ...model, graph: { ...model.graph, output } });
  try {
    for (const batch of calibration.batches(session.signature)) {
      const results = await session.run(batch.feeds);
      const values: Record<string, TensorMap[string]> = {};
      for (const name of wanted) {
        const value = inputs.has(name) ? batch.feeds[name] : results[name];
        if (value !== undefined) values[name] = value;
      }
      await onBatch({ values, batch });
    }
  } finally {
    await session.release();
  }
}
