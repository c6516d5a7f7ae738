import { EngineError } from "../error.ts";
import type { HostTensor, TensorMap } from "../evaluate/tensors/tensor.ts";
import type { SourceFiles } from "../formats/source.ts";
import type { ModelJson } from "../formats/tfjs/artifact/artifact.schema.ts";
import { type Found, findModelJson } from "../formats/tfjs/artifact/model-json.ts";
import { openShards } from "../formats/tfjs/artifact/shards.ts";
import { readWeights } from "../formats/tfjs/artifact/weights.ts";
import { readGraph } from "../formats/tfjs/graph-model/read-graph.ts";
import { outputNames } from "../formats/tfjs/keras/output-names.ts";
import { readNetwork } from "../formats/tfjs/keras/read-network.ts";
import { loadTensorFlow, type TensorFlow, type TensorFlowTensor } from "./tfjs.ts";

/** A model of TensorFlow.js, executed by TensorFlow.js itself. */
export interface TensorFlowModel {
  /** What runs it, for the conditions of a measurement. */
  readonly runtime: string;
  /** Named and ordered as in the graph that a conversion gives. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** @throws EngineError "runtime-refused" where it fails, "unsupported" for a type that it does not have */
  readonly run: (feeds: TensorMap) => TensorMap;
  readonly release: () => void;
}

type Execute = (inputs: TensorFlowTensor[]) => TensorFlowTensor[];

/**
 * Loads the original of a conversion. `run` blocks the thread while it computes; without the native library that takes some
 * hundred times as long as in ONNX Runtime, so it belongs into a child process.
 *
 * @throws EngineError for broken files as a conversion does; "runtime-refused" where TensorFlow.js does not load the model
 */
export async function loadTensorFlowModel(files: SourceFiles): Promise<TensorFlowModel> {
  const found = findModelJson(files);
  // TensorFlow.js would read past the end of a shard, or leave out what is too much.
  readWeights(files, found);
  const { tf, runtime } = await loadTensorFlow();
  const isGraph = Array.isArray(found.json.modelTopology.node);
  const names = isGraph ? graphNames(found.json) : layerNames(found.json);
  const loaded = await attempt("does not load the model", () =>
    isGraph ? loadGraph(tf, files, found) : loadLayers(tf, files, found),
  );
  return {
    runtime,
    inputs: names.inputs,
    outputs: names.outputs,
    run: (feeds) => run(tf, loaded.execute, names, feeds),
    release: loaded.release,
  };
}

interface Names {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

function layerNames({ modelTopology }: ModelJson): Names {
  const network = readNetwork(modelTopology);
  return { inputs: network.inputs.map(({ layer }) => layer), outputs: outputNames(network) };
}

function graphNames(json: ModelJson): Names {
  const { inputs, outputs } = readGraph(json);
  return { inputs: inputs.map(({ name }) => name), outputs: outputs.map(({ name }) => name) };
}

interface Loaded {
  readonly execute: Execute;
  readonly release: () => void;
}

async function loadLayers(tf: TensorFlow, files: SourceFiles, found: Found): Promise<Loaded> {
  const model = await tf.loadLayersModel(artifactsOf(tf, files, found));
  return {
    // One batch, whatever its size.
    execute: (inputs) => [model.predict(inputs, { batchSize: inputs[0]?.shape[0] ?? 1 })].flat(),
    release: () => model.dispose(),
  };
}

async function loadGraph(tf: TensorFlow, files: SourceFiles, found: Found): Promise<Loaded> {
  const model = await tf.loadGraphModel(artifactsOf(tf, files, found));
  const { inputs, outputs } = readGraph(found.json);
  const results = outputs.map(({ edge }) => `${edge.node}:${edge.output}`);
  return {
    execute: (values) => {
      const named = values.map((value, at) => [inputs[at]?.edge.node ?? "", value] as const);
      return [model.execute(Object.fromEntries(named), results)].flat();
    },
    release: () => model.dispose(),
  };
}

/** Without a signature, so that values are asked for by the names of their nodes. */
function artifactsOf(tf: TensorFlow, files: SourceFiles, { name, json }: Found) {
  const manifest = json.weightsManifest ?? [];
  const groups = manifest.map(({ paths }) => openShards(files, name, paths));
  const data = new Uint8Array(groups.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const group of groups) {
    data.set(group.slice(0, group.length), offset);
    offset += group.length;
  }
  const weightSpecs = manifest.flatMap(({ weights }) =>
    weights.map(({ quantization, ...spec }) => ({ ...spec, ...(quantization && { quantization }) })),
  );
  return tf.io.fromMemory({ modelTopology: json.modelTopology, weightSpecs, weightData: data.buffer });
}

function run(tf: TensorFlow, execute: Execute, names: Names, feeds: TensorMap): TensorMap {
  const inputs = names.inputs.map((name) => {
    const feed = Object.hasOwn(feeds, name) ? feeds[name] : undefined;
    if (feed === undefined)
      throw new EngineError("data-mismatch", "The model needs this input", `input "${name}"`);
    return tensorOf(tf, feed, `input "${name}"`);
  });
  let outputs: TensorFlowTensor[] = [];
  try {
    outputs = execute(inputs);
    return Object.fromEntries(outputs.map((output, at) => [names.outputs[at] ?? String(at), hostOf(output)]));
  } catch (cause) {
    throw refused("fails to run the model", cause);
  } finally {
    tf.dispose([...inputs, ...outputs]);
  }
}

function tensorOf(tf: TensorFlow, { dtype, dims, data }: HostTensor, place: string): TensorFlowTensor {
  const shape = [...dims];
  if (dtype === "float32" && data instanceof Float32Array) return tf.tensor(data, shape, dtype);
  if (dtype === "int32" && data instanceof Int32Array) return tf.tensor(data, shape, dtype);
  if (dtype === "bool" && data instanceof Uint8Array) return tf.tensor(data, shape, dtype);
  throw new EngineError("unsupported", `TensorFlow.js has no tensors of ${dtype}`, place);
}

function hostOf(tensor: TensorFlowTensor): HostTensor {
  const data = tensor.dataSync();
  const dims = [...tensor.shape];
  if (tensor.dtype === "int32") return { dtype: "int32", dims, data: Int32Array.from(data) };
  if (tensor.dtype === "bool") return { dtype: "bool", dims, data: Uint8Array.from(data) };
  return { dtype: "float32", dims, data: Float32Array.from(data) };
}

async function attempt<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw refused(what, cause);
  }
}

function refused(what: string, cause: unknown): EngineError {
  if (cause instanceof EngineError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EngineError("runtime-refused", `TensorFlow.js ${what}: ${reason.slice(0, 2000)}`, undefined, {
    cause,
  });
}
