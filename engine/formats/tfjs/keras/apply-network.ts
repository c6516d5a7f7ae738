import { malformed } from "../artifact/fault.ts";
import type { Signal } from "../graph/signal.ts";
import type { LayerSpec, Network, NetworkLayer, Ref } from "./network.ts";

/** Values that a call gives, or undefined where something before it is missing. */
export type Results = readonly Signal[] | undefined;

/** Writes one call of a layer. */
export type ApplyLayer = (
  spec: LayerSpec,
  inputs: readonly (Signal | undefined)[],
  extras: readonly string[],
) => Results;

interface Step {
  readonly key: string;
  readonly layer: NetworkLayer;
  readonly at: number;
  isOpen: boolean;
}

/**
 * Applies the layers of a model in the order of their values.
 *
 * @param inputs values for the inputs of the model, in their order
 * @throws EngineError "malformed" where layers depend on themselves or on what is not there
 */
export function applyNetwork(
  network: Network,
  inputs: readonly (Signal | undefined)[],
  place: string,
  apply: ApplyLayer,
): (Signal | undefined)[] {
  if (inputs.length !== network.inputs.length) {
    throw malformed(`It takes ${network.inputs.length} inputs and is given ${inputs.length}`, place);
  }
  const values = new Map<string, Results>();
  network.inputs.forEach((ref, at) => {
    const input = inputs[at];
    values.set(keyOf(ref), input === undefined ? undefined : [input]);
  });
  for (const output of network.outputs) resolve(network, output, values, place, apply);
  return network.outputs.map((ref) => resultAt(values, ref, place));
}

function keyOf({ layer, call }: Ref): string {
  return `${call} ${layer}`;
}

/** Without recursion: a chain of layers may be long. */
function resolve(
  network: Network,
  wanted: Ref,
  values: Map<string, Results>,
  place: string,
  apply: ApplyLayer,
): void {
  const stack: Step[] = [];
  const open = new Set<string>();
  const push = (ref: Ref, by: string) => {
    const key = keyOf(ref);
    if (values.has(key)) return;
    if (open.has(key)) throw malformed("It depends on its own result", by);
    const layer = network.layers.get(ref.layer);
    if (layer?.calls[ref.call] === undefined) {
      throw malformed(`It refers to call ${ref.call} of a layer that is not there`, by);
    }
    stack.push({ key, layer, at: ref.call, isOpen: false });
  };
  push(wanted, place);
  for (let step = stack.at(-1); step !== undefined; step = stack.at(-1)) {
    const { key, layer, at } = step;
    const call = layer.calls[at];
    if (call === undefined || values.has(key)) {
      stack.pop();
    } else if (!step.isOpen) {
      step.isOpen = true;
      open.add(key);
      for (const ref of call.inputs) push(ref, layer.spec.place);
    } else {
      stack.pop();
      open.delete(key);
      const inputs = call.inputs.map((ref) => resultAt(values, ref, layer.spec.place));
      values.set(key, apply(layer.spec, inputs, call.extras));
    }
  }
}

function resultAt(values: ReadonlyMap<string, Results>, ref: Ref, place: string): Signal | undefined {
  const results = values.get(keyOf(ref));
  if (results === undefined) return undefined;
  const value = results[ref.tensor];
  if (value === undefined) {
    throw malformed(`It takes result ${ref.tensor} of a layer with ${results.length}`, place);
  }
  return value;
}
