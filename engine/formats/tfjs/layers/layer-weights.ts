import { plain, quote } from "#engine/onnx/quote.ts";
import { shapeText } from "#engine/onnx/tensor.ts";
import { malformed } from "../artifact/fault.ts";
import type { Weight, Weights } from "../artifact/weights.ts";

/** Parts of a name, counted from its end, that are looked at: models in models, a layer, a cell, a variable. */
const maxParts = 5;

/**
 * All weights by the ends of their names, because a model puts names before: `model/dense/kernel` is `dense/kernel`.
 * TensorFlow 2.2 and later name the cell of a recurrent layer too (`lstm/lstm_cell/kernel`), and Keras 3 numbers
 * variables (`lstm/cell/vars/0`).
 */
export class WeightIndex {
  readonly #byEnd = new Map<string, string[]>();
  readonly #weights: Weights;

  constructor(weights: Weights) {
    this.#weights = weights;
    for (const name of weights.keys()) {
      const parts = name.replace(/:0$/, "").split("/");
      const last = parts.length - 1;
      const cellLess = parts.filter((_, at) => at !== last - 1);
      for (const way of parts.length > 2 ? [parts, cellLess] : [parts]) {
        for (let from = Math.max(0, way.length - maxParts); from < way.length; from++) {
          const end = `${way === parts ? "" : "*"}${way.slice(from).join("/")}`;
          const known = this.#byEnd.get(end);
          if (known === undefined) this.#byEnd.set(end, [name]);
          else known.push(name);
        }
      }
    }
  }

  /** The weight of this name, or the one that ends so; undefined where there is none or more than one. */
  find(end: string): Weight | undefined {
    const exact = this.#weights.get(end) ?? this.#weights.get(`${end}:0`);
    if (exact !== undefined) return exact;
    for (const form of [end, `*${end}`]) {
      const [name, ...others] = this.#byEnd.get(form) ?? [];
      if (name !== undefined) return others.length > 0 ? undefined : this.#weights.get(name);
    }
    return undefined;
  }
}

/** What Keras 3 calls variables that had other names. */
const aliases = new Map([["depthwise_kernel", "kernel"]]);

/** The weights of one layer, taken one after the other in the order in which Keras makes them. */
export class LayerWeights {
  readonly #index: WeightIndex;
  readonly #scopes: readonly string[];
  readonly #place: string;
  #taken = 0;

  /** @param scopes names under which its weights may be, the most likely first */
  constructor(index: WeightIndex, scopes: readonly string[], place: string) {
    this.#index = index;
    this.#scopes = scopes;
    this.#place = place;
  }

  /** The same weights for a layer inside. */
  within(scopes: readonly string[]): LayerWeights {
    return new LayerWeights(this.#index, scopes, this.#place);
  }

  /**
   * @param dims that it must have; null where any size will do
   * @throws EngineError "malformed" where it is missing or has another shape
   */
  take(variable: string, dims: readonly (number | null)[]): Weight {
    const weight = this.#find(variable);
    const place = `${this.#place}, weight ${quote(plain(variable))}`;
    if (weight === undefined) {
      throw malformed("The weights have none for it, or more than one that could be meant", place);
    }
    if (
      weight.dims.length !== dims.length ||
      weight.dims.some((size, axis) => size !== (dims[axis] ?? size))
    ) {
      throw malformed(
        `It has the shape ${shapeText(weight.dims)}, but the layer needs ${shapeText(dims.map((dim) => dim ?? "any"))}`,
        place,
      );
    }
    return weight;
  }

  #find(variable: string): Weight | undefined {
    const at = this.#taken++;
    for (const scope of this.#scopes) {
      const found =
        this.#index.find(`${scope}/${variable}`) ??
        this.#index.find(`${scope}/${aliases.get(variable) ?? variable}`) ??
        this.#index.find(`${scope}/vars/${at}`) ??
        this.#index.find(`${scope}/cell/vars/${at}`) ??
        this.#index.find(`${scope}/${at}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
