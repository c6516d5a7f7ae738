import type { GraphModel, LayersModel, Tensor, TensorLike } from "@tensorflow/tfjs";
import { EngineError } from "../../error.ts";
import { convertNumbers, toNumbers } from "../../evaluate/tensors/elements.ts";
import type { HostTensor } from "../../evaluate/tensors/tensor.ts";
import type { Ports, ReferenceModel } from "../../formats/reference.ts";
import type { SourceFiles } from "../../formats/source.ts";
import { findModelJson } from "../../formats/tfjs/artifact/model-json.ts";
import { plainTensorFlow, type TensorFlow } from "../tfjs.ts";

/** A TensorFlow.js model as TensorFlow.js executes it, in plain JavaScript: slow, but every kernel is there. */
export async function openTensorFlowJs(files: SourceFiles, ports: Ports): Promise<ReferenceModel> {
  const tf = await plainTensorFlow();
  const model = await load(tf, files).catch((error: unknown) => {
    throw refused("does not load the original", error);
  });
  const expected = model.inputs.map(({ dtype }) => dtype);
  return {
    name: `TensorFlow.js ${tf.version_core} (${tf.getBackend()})`,
    run: async (feeds) => {
      const given = ports.inputs.map((name, at) =>
        tensorOf(tf, name, feeds[name], expected[at] ?? "float32"),
      );
      try {
        const results = await execute(model, given, ports);
        return Object.fromEntries(
          await Promise.all(
            ports.outputs.map(async (name, at) => [name, await hostTensor(results[at])] as const),
          ),
        );
      } catch (error) {
        throw error instanceof EngineError ? error : refused("does not execute the original", error);
      } finally {
        tf.dispose(given);
      }
    },
    release: async () => model.dispose(),
  };
}

async function load(tf: TensorFlow, files: SourceFiles): Promise<LayersModel | GraphModel> {
  const { name, json } = findModelJson(files);
  const folder = name.includes("/") ? name.slice(0, name.lastIndexOf("/") + 1) : "";
  const parts = json.weightsManifest.flatMap(({ paths }) =>
    paths.map((path) => files.read(`${folder}${path}`)),
  );
  const weightData = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    weightData.set(part, at);
    at += part.length;
  }
  // As the file has it: what is of no use to a conversion may be of use to a loader.
  const whole: Record<string, unknown> = JSON.parse(new TextDecoder().decode(files.read(name)));
  const weightSpecs = json.weightsManifest.flatMap(({ weights }) => weights) as never;
  const artifacts = { ...whole, weightSpecs, weightData: weightData.buffer };
  const handler = tf.io.fromMemory(artifacts as never);
  return Array.isArray(json.modelTopology.node)
    ? await tf.loadGraphModel(handler)
    : await tf.loadLayersModel(handler);
}

async function execute(
  model: LayersModel | GraphModel,
  given: Tensor[],
  { outputs }: Ports,
): Promise<Tensor[]> {
  if ("predictOnBatch" in model) return [model.predictOnBatch(given)].flat() as Tensor[];
  const feeds = Object.fromEntries(model.inputs.map(({ name }, at) => [name, given[at] as Tensor]));
  const found = await model.executeAsync(
    feeds,
    outputs.length === model.outputs.length ? undefined : [...outputs],
  );
  return [found].flat() as Tensor[];
}

function tensorOf(tf: TensorFlow, name: string, fed: HostTensor | undefined, dtype: string): Tensor {
  if (fed === undefined || fed.dtype === "string")
    throw new EngineError("data-mismatch", "The original has another input", `input "${name}"`);
  const numbers = toNumbers(fed);
  if (dtype === "bool") return tf.tensor(Uint8Array.from(numbers), [...fed.dims], "bool");
  const values: TensorLike = dtype === "int32" ? Int32Array.from(numbers) : Float32Array.from(numbers);
  return tf.tensor(values, [...fed.dims], dtype === "int32" ? "int32" : "float32");
}

async function hostTensor(tensor: Tensor | undefined): Promise<HostTensor> {
  if (tensor === undefined) throw new EngineError("data-mismatch", "The original has fewer outputs");
  const values = await tensor.data();
  const dtype = tensor.dtype === "int32" ? "int32" : tensor.dtype === "bool" ? "bool" : "float32";
  const data = convertNumbers(Float64Array.from(values as ArrayLike<number>), dtype, "output");
  tensor.dispose();
  return { dtype, dims: tensor.shape, data };
}

function refused(what: string, error: unknown): EngineError {
  const reason = error instanceof Error ? error.message : String(error);
  return new EngineError("runtime-refused", `TensorFlow.js ${what}: ${reason.slice(0, 500)}`);
}
