import { plain } from "#engine/onnx/quote.ts";
import { own } from "#engine/own.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { type Converted, Missing } from "../../source.ts";
import { exceeded } from "../artifact/fault.ts";
import { maxCalls, maxDepth } from "../artifact/limits.ts";
import type { Weights } from "../artifact/weights.ts";
import type { Signal } from "../graph/signal.ts";
import { GraphWriter } from "../graph/writer.ts";
import { Refused } from "../layers/call.ts";
import { layerRules, trainingOnly } from "../layers/index.ts";
import { LayerWeights, WeightIndex } from "../layers/layer-weights.ts";
import { applyNetwork, type Results } from "./apply-network.ts";
import { inputSignals } from "./inputs.ts";
import type { LayerSpec, Network } from "./network.ts";
import { outputNames } from "./output-names.ts";
import { readNetwork } from "./read-network.ts";

/**
 * A LayersModel as an ONNX graph.
 *
 * @throws EngineError "malformed", "limit-exceeded"; "unsupported" with every layer that is missing
 */
export function convertLayers(topology: Readonly<Record<string, unknown>>, weights: Weights): Converted {
  const network = readNetwork(topology);
  const missing = new Missing();
  const conversion = new LayersConversion(network, weights, missing);
  const model = conversion.run();
  missing.check();
  return { model, operators: conversion.operators, notes: conversion.notes() };
}

class LayersConversion {
  readonly #network: Network;
  readonly #index: WeightIndex;
  readonly #missing: Missing;
  readonly #names: string[];
  readonly #writer: GraphWriter;
  readonly #counts = new Map<string, number>();
  readonly #seen = new Set<LayerSpec>();
  readonly #dropped = new Map<string, number>();
  readonly #differences = new Set<string>();
  #calls = 0;
  #depth = 0;

  constructor(network: Network, weights: Weights, missing: Missing) {
    this.#network = network;
    this.#index = new WeightIndex(weights);
    this.#missing = missing;
    this.#names = outputNames(network);
    this.#writer = new GraphWriter([...network.inputs.map(({ layer }) => layer), ...this.#names]);
  }

  get operators(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  run() {
    const inputs = this.#inputs();
    const apply = (spec: LayerSpec, values: readonly (Signal | undefined)[], extras: readonly string[]) =>
      this.#apply(spec, values, extras, [spec.name]);
    const results = applyNetwork(this.#network, inputs, "the model", apply);
    this.#missing.check();
    const outputs = results.flatMap((from, at) =>
      from === undefined ? [] : [{ name: this.#names[at] ?? "", from }],
    );
    return this.#writer.finish(plain(this.#network.name), inputs, outputs);
  }

  notes(): EngineRemark[] {
    const count = [...this.#dropped.values()].reduce((sum, each) => sum + each, 0);
    const dropped = say("tfjs.trainingOnly", { count, kinds: [...this.#dropped.keys()] });
    const differing = say("tfjs.asKeras", { options: [...this.#differences] });
    return [...(count > 0 ? [dropped] : []), ...(this.#differences.size > 0 ? [differing] : [])];
  }

  #inputs(): Signal[] {
    try {
      return inputSignals(this.#network);
    } catch (error) {
      if (error instanceof Refused) this.#missing.add(error.message, "the inputs of the model");
      else throw error;
      this.#missing.check();
      return [];
    }
  }

  #apply(
    spec: LayerSpec,
    inputs: readonly (Signal | undefined)[],
    extras: readonly string[],
    scopes: readonly string[],
  ): Results {
    if (++this.#calls > maxCalls)
      throw exceeded(`Its layers are applied more than ${maxCalls} times`, spec.place);
    this.#count(spec);
    const present = inputs.flatMap((input) => input ?? []);
    const isWhole = present.length === inputs.length;
    if (spec.network !== undefined) return this.#model(spec, spec.network, inputs);
    if (spec.className === "InputLayer") {
      this.#missing.add("InputLayer inside of the model", spec.place);
      return undefined;
    }
    if (trainingOnly.has(spec.className)) {
      const [first] = inputs;
      return first === undefined ? undefined : [first];
    }
    const rule = own(layerRules, spec.className);
    if (rule === undefined) {
      this.#missing.add(plain(spec.className), spec.place);
      return undefined;
    }
    if (extras.length > 0) {
      this.#missing.add(`${spec.className} called with ${extras.map(plain).join(", ")}`, spec.place);
      return undefined;
    }
    if (!isWhole) return undefined;
    try {
      return rule({
        spec,
        inputs: present,
        writer: this.#writer,
        weights: new LayerWeights(this.#index, scopes, spec.place),
        differs: (option) => this.#differences.add(`${option} (${spec.className})`),
        inner: (layer, values, places) => this.#inner(layer, values, places),
      });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#missing.add(plain(error.message), spec.place);
      return undefined;
    }
  }

  #inner(spec: LayerSpec, inputs: readonly Signal[], scopes: readonly string[]): Signal[] {
    if (this.#depth >= maxDepth)
      throw exceeded(`More than ${maxDepth} layers lie inside of each other`, spec.place);
    this.#depth++;
    const results = this.#apply(spec, inputs, [], scopes);
    this.#depth--;
    // What is missing inside has been noted; it is missing outside too.
    if (results === undefined) throw new Refused(`${spec.className} inside of another layer`);
    return [...results];
  }

  #model(spec: LayerSpec, network: Network, inputs: readonly (Signal | undefined)[]): Results {
    const apply = (layer: LayerSpec, values: readonly (Signal | undefined)[], extras: readonly string[]) =>
      this.#apply(layer, values, extras, [`${spec.name}/${layer.name}`, layer.name]);
    const results = applyNetwork(network, inputs, spec.place, apply);
    const present = results.flatMap((result) => result ?? []);
    return present.length === results.length ? present : undefined;
  }

  /** Layers, not their calls. */
  #count(spec: LayerSpec): void {
    if (this.#seen.has(spec) || spec.network !== undefined) return;
    this.#seen.add(spec);
    const name = plain(spec.className);
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    if (trainingOnly.has(spec.className)) this.#dropped.set(name, (this.#dropped.get(name) ?? 0) + 1);
  }
}
