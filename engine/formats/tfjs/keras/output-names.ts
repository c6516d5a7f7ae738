import type { Network } from "./network.ts";

/**
 * Names for the outputs of a model: those of their layers, as TensorFlow.js calls them. Where a layer has several, or the
 * name is an input's already, a number stands behind it.
 */
export function outputNames(network: Network): string[] {
  const taken = new Set(network.inputs.map(({ layer }) => layer));
  const inputs = new Set(taken);
  const base = (layer: string) => (inputs.has(layer) ? `${layer}_output` : layer);
  return network.outputs.map(({ layer }) => {
    let name = base(layer);
    for (let number = 1; taken.has(name); number++) name = `${base(layer)}_${number}`;
    taken.add(name);
    return name;
  });
}
