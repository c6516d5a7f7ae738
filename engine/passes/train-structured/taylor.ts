import { rowsOf } from "#engine/evaluate/dataset/dataset.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { BatchSource } from "#engine/train/batches.ts";
import { trainingGraph } from "#engine/train/graph/training-graph.ts";
import { TrainingMemory } from "#engine/train/optimizers/memory.ts";
import { epochOrder } from "#engine/train/order.ts";
import { checkLabels, targetTensor } from "#engine/train/targets.ts";
import { labelsOf, lossOf } from "../training/loss.ts";
import type { TrainingOptions } from "../training/options.schema.ts";
import { signatureOf } from "../training/signature.ts";
import type { TrainingTools } from "../training/tools.ts";

/**
 * How much the loss would change without each weight, to first order: Σ (g · w)² over batches (Molchanov et al. 2019,
 * 1906.10771, equation 7; that of a unit is the sum over its weights). Nothing is trained.
 *
 * @param batches of the train split; fewer where it has fewer
 * @returns by weight tensor, in its shape
 * @throws EngineError "data-mismatch", "not-differentiable", "runtime-refused"; the signal's reason
 */
export async function taylorScores(
  model: Model,
  options: TrainingOptions,
  batches: number,
  { dataset, open, signal }: TrainingTools,
  seed: number,
): Promise<Map<string, Float32Array>> {
  const labels = labelsOf(dataset);
  const order = epochOrder(rowsOf(dataset, "train"), seed, 0);
  const size = Math.min(options.batch_size, order.length);
  const seen = order.subarray(0, Math.min(batches, Math.floor(order.length / size)) * size);
  const source = new BatchSource(dataset, signatureOf(model), seen, size);
  const loss = lossOf(options, labels);
  const graph = trainingGraph(model, { inputDims: source.inputDims, loss, frozen: options.freeze });
  const { target } = graph;
  if (target !== undefined) checkLabels(labels, seen, target, graph.predictionDims.at(-1) ?? 1);
  const memory = new TrainingMemory(graph.parameters, ["weights", "gradients"]);
  for (const { name, tensor } of graph.parameters) memory.view("weights", name).set(readFloats(tensor));
  const scores = new Map(
    graph.parameters.map(({ name }) => [name, new Float32Array(memory.view("weights", name).length)]),
  );
  const step = await open(graph, memory);
  try {
    for (let at = 0; at < seen.length; at += size) {
      signal?.throwIfAborted();
      const rows = seen.subarray(at, at + size);
      const feeds = source.feeds(rows);
      await step.run(
        target === undefined ? feeds : { ...feeds, [target.name]: targetTensor(labels, rows, target) },
      );
      for (const [name, score] of scores) {
        const [weights, gradients] = [memory.view("weights", name), memory.view("gradients", name)];
        for (let k = 0; k < score.length; k++) score[k]! += (weights[k]! * gradients[k]!) ** 2;
      }
    }
  } finally {
    await step.release();
  }
  return scores;
}
