import { z } from "zod";
import { quote } from "#engine/onnx/quote.ts";
import { faultOf, malformed } from "../artifact/fault.ts";
import { maxRank } from "../artifact/limits.ts";
import { batch, type Dim, type Signal, type SignalType, signal } from "../graph/signal.ts";
import { Refused } from "../layers/call.ts";
import type { LayerSpec, Network } from "./network.ts";

const shape = z
  .array(
    z
      .int()
      .min(1)
      .max(2 ** 31 - 1)
      .nullable(),
  )
  .max(maxRank);

const schema = z.object({
  batch_input_shape: shape.nullish(),
  batch_shape: shape.nullish(),
  sparse: z.boolean().nullish(),
  dtype: z.unknown().optional(),
});

/** The inputs of a model: the first axis is the batch, and where a size is open it gets a name. */
export function inputSignals(network: Network): Signal[] {
  return network.inputs.map((ref) => {
    const spec = network.layers.get(ref.layer)?.spec;
    if (spec === undefined || spec.className !== "InputLayer") {
      throw malformed(`Its input ${quote(ref.layer)} is no InputLayer`, "modelTopology");
    }
    return inputSignal(spec);
  });
}

function inputSignal(spec: LayerSpec): Signal {
  const read = schema.safeParse(spec.config);
  if (!read.success) throw faultOf(read.error, spec.place);
  const dims = read.data.batch_input_shape ?? read.data.batch_shape;
  if (dims == null || dims.length === 0) {
    throw malformed("The shape of the model's input is not written down", spec.place);
  }
  if (read.data.sparse) throw new Refused("Sparse inputs");
  const named = dims.map((dim, axis): Dim => dim ?? (axis === 0 ? batch : `${spec.name}_${axis}`));
  return signal(spec.name, named, typeOf(read.data.dtype));
}

const types: ReadonlyMap<string, SignalType> = new Map([
  ["float32", "float32"],
  ["int32", "int32"],
  ["bool", "bool"],
]);

/** Nothing written means float32. */
function typeOf(dtype: unknown): SignalType {
  if (dtype === undefined || dtype === null) return "float32";
  const name = typeof dtype === "string" ? dtype : policyName(dtype);
  const type = name === undefined ? undefined : types.get(name);
  if (type === undefined) throw new Refused(`Inputs of type ${name ?? "unknown"}`);
  return type;
}

function policyName(dtype: unknown): string | undefined {
  const policy = z.object({ config: z.object({ name: z.string() }) }).safeParse(dtype);
  return policy.success ? policy.data.config.name : undefined;
}
