import { plain, quote } from "#engine/onnx/quote.ts";
import { exceeded, faultOf, malformed } from "../artifact/fault.ts";
import { maxDepth } from "../artifact/limits.ts";
import { callsOf, refsOf } from "./inbound.ts";
import type { Call, LayerSpec, Network, NetworkLayer, Ref } from "./network.ts";
import { functionalJson, type LayerJson, layerJson, modelClass, sequentialJson } from "./topology.schema.ts";

const sequentialClasses = new Set(["Sequential"]);
const functionalClasses = new Set(["Model", "Functional"]);

/** Whether a layer of this class is a model of layers itself. */
function isModelClass(className: string): boolean {
  return sequentialClasses.has(className) || functionalClasses.has(className);
}

/**
 * The layers of a LayersModel, from the topology that Keras or TensorFlow.js wrote.
 *
 * @throws EngineError "malformed", "limit-exceeded"
 */
export function readNetwork(topology: Readonly<Record<string, unknown>>): Network {
  const inner = Object.hasOwn(topology, "model_config") ? topology.model_config : topology;
  const read = modelClass.safeParse(typeof inner === "string" ? parsed(inner) : inner);
  if (!read.success) throw faultOf(read.error, "modelTopology");
  const { class_name: className, config } = read.data;
  if (!isModelClass(className)) {
    throw malformed(
      `Its class ${quote(className)} is neither Sequential nor a functional model`,
      "modelTopology",
    );
  }
  return networkOf(className, config, className, 0);
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw malformed("Its model_config is not JSON", "modelTopology");
  }
}

function networkOf(className: string, config: unknown, place: string, depth: number): Network {
  if (depth > maxDepth) throw exceeded(`More than ${maxDepth} models lie inside of each other`, place);
  return sequentialClasses.has(className)
    ? sequential(config, place, depth)
    : functional(config, place, depth);
}

/** A layer from its JSON, also the one that a wrapper holds. */
export function layerOf(json: unknown, place: string, depth = 0): LayerSpec {
  const read = layerJson.safeParse(json);
  if (!read.success) throw faultOf(read.error, place);
  return specOf(read.data, depth);
}

function specOf(json: LayerJson, depth: number): LayerSpec {
  const { class_name: className, config } = json;
  const own = config?.name;
  const name = json.name ?? (typeof own === "string" ? own : className.toLowerCase());
  const place = `layer ${quote(name)} (${plain(className)})`;
  const spec = { className, name, config: config ?? {}, place };
  return isModelClass(className)
    ? { ...spec, network: networkOf(className, config, place, depth + 1) }
    : spec;
}

function sequential(config: unknown, place: string, depth: number): Network {
  const read = sequentialJson.safeParse(config);
  if (!read.success) throw faultOf(read.error, place);
  const specs = read.data.layers.map((json) => specOf(json, depth));
  const [first] = specs;
  if (first === undefined) throw malformed("It has no layers", place);
  if (first.className !== "InputLayer") specs.unshift(inputBefore(first, read.data.build_input_shape));
  const layers = new Map<string, NetworkLayer>();
  let before: Ref[] = [];
  for (const spec of specs) {
    if (layers.has(spec.name)) throw malformed("Two layers have this name", spec.place);
    const calls: Call[] = [{ inputs: before, extras: [] }];
    layers.set(spec.name, { spec, calls });
    before = [{ layer: spec.name, call: 0, tensor: 0 }];
  }
  const inputs = [{ layer: specs[0]?.name ?? "", call: 0, tensor: 0 }];
  return { name: read.data.name ?? "sequential", layers, inputs, outputs: before };
}

/** The input that a Sequential model leaves to its first layer, named as TensorFlow.js names it. */
function inputBefore(first: LayerSpec, built: readonly (number | null)[] | null | undefined): LayerSpec {
  const name = `${first.name}_input`;
  const { shape, dtype } = inputOf(first);
  return {
    className: "InputLayer",
    name,
    config: { name, batch_input_shape: shape ?? built, dtype },
    place: `layer ${quote(name)} (InputLayer)`,
  };
}

function inputOf({ config, network }: LayerSpec): { shape: unknown; dtype: unknown } {
  const shape = config.batch_input_shape ?? config.batch_shape;
  if (shape !== undefined && shape !== null) return { shape, dtype: config.dtype };
  const [input] = network?.inputs ?? [];
  const inner = input && network?.layers.get(input.layer);
  return inner === undefined ? { shape, dtype: undefined } : inputOf(inner.spec);
}

function functional(config: unknown, place: string, depth: number): Network {
  const read = functionalJson.safeParse(config);
  if (!read.success) throw faultOf(read.error, place);
  const written = read.data.layers.map((json) => {
    const spec = specOf(json, depth);
    return { spec, calls: callsOf(json.inbound_nodes ?? [], spec.place) };
  });
  const outputs = refsOf(read.data.output_layers, place);
  const inputs = refsOf(read.data.input_layers, place);
  if (outputs.length === 0 || inputs.length === 0) throw malformed("It has no inputs or no outputs", place);
  const used = [...outputs, ...written.flatMap(({ calls }) => calls.flatMap((call) => call.inputs))];
  const lowest = new Map<string, number>();
  for (const { layer, call } of used) lowest.set(layer, Math.min(lowest.get(layer) ?? call, call));
  // Keras 2 and TensorFlow.js count the calls of a model inside from 1, because 0 is how it was made.
  const offset = (layer: string) => (models.has(layer) ? (lowest.get(layer) ?? 0) : 0);
  const models = new Set(
    written.filter(({ spec }) => spec.network !== undefined).map(({ spec }) => spec.name),
  );
  const moved = (ref: Ref): Ref => ({ ...ref, call: ref.call - offset(ref.layer) });
  const layers = new Map<string, NetworkLayer>();
  for (const { spec, calls } of written) {
    if (layers.has(spec.name)) throw malformed("Two layers have this name", spec.place);
    const own = calls.map((call) => ({ ...call, inputs: call.inputs.map(moved) }));
    layers.set(spec.name, { spec, calls: own });
  }
  return { name: read.data.name ?? "model", layers, inputs: inputs.map(moved), outputs: outputs.map(moved) };
}
