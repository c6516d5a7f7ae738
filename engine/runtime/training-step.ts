import type { TensorMap } from "../evaluate/tensors/tensor.ts";
import { encodeModel } from "../onnx/encode.ts";
import { sizeOf } from "../train/autodiff/operand.ts";
import type { TrainingGraph } from "../train/graph/training-graph.ts";
import type { TrainingMemory } from "../train/optimizers/memory.ts";
import type { TrainingStep } from "../train/step.ts";
import { Tensor } from "./onnxruntime.ts";
import { loadTensorSession, type TensorSession } from "./session.ts";
import { toRuntime } from "./tensors.ts";

/**
 * Loads a training graph. Weights and gradients are not copied: ONNX Runtime reads and writes the memory itself.
 *
 * @throws EngineError "runtime-refused"
 */
export async function openTrainingStep(graph: TrainingGraph, memory: TrainingMemory): Promise<TrainingStep> {
  const session = await loadTensorSession(Buffer.concat(encodeModel(graph.model)));
  const weights: Record<string, Tensor> = {};
  const loss = new Float32Array(1);
  const prediction = new Float32Array(sizeOf(graph.predictionDims));
  const outputs: Record<string, Tensor> = {
    [graph.loss]: new Tensor("float32", loss, []),
    [graph.prediction]: new Tensor("float32", prediction, [...graph.predictionDims]),
  };
  for (const { name, dims } of graph.parameters) {
    weights[name] = new Tensor("float32", memory.view("weights", name), [...dims]);
    const gradient = graph.gradients.get(name);
    if (gradient !== undefined)
      outputs[gradient] = new Tensor("float32", memory.view("gradients", name), [...dims]);
  }
  const statistics = new Map<string, Float32Array>();
  // What a step gives is never what it reads.
  const renewed = new Map<string, Float32Array>();
  for (const { name, updated, initial } of graph.statistics) {
    const [now, after] = [initial.slice(), new Float32Array(initial.length)];
    statistics.set(name, now);
    renewed.set(name, after);
    weights[name] = new Tensor("float32", now, [now.length]);
    outputs[updated] = new Tensor("float32", after, [after.length]);
  }
  const said = new Float32Array(prediction.length);
  const saying = { [graph.prediction]: new Tensor("float32", said, [...graph.predictionDims]) };
  let evaluation: TensorSession | undefined;
  const withWeights = (feeds: TensorMap) => {
    const batch: Record<string, Tensor> = { ...weights };
    for (const [name, tensor] of Object.entries(feeds)) batch[name] = toRuntime(tensor);
    return batch;
  };
  return {
    prediction,
    statistics,
    run: async (feeds) => {
      await session.run(withWeights(feeds), outputs);
      for (const [name, values] of renewed) statistics.get(name)?.set(values);
      return loss[0] ?? Number.NaN;
    },
    predict: async (feeds) => {
      evaluation ??= await loadTensorSession(Buffer.concat(encodeModel(graph.evaluation)));
      await evaluation.run(withWeights(feeds), saying);
      return said;
    },
    release: async () => {
      await session.release();
      await evaluation?.release();
    },
  };
}
