import { dtypeOfCode } from "#engine/onnx/dtypes.ts";
import type { Graph, Model, Tensor } from "#engine/onnx/model.ts";

/** Weights below this many elements are copied with each call: a name costs about as much. */
const smallest = 64;

/**
 * Weights in the bodies of functions: where a function is called several times, each call would bring its own copy
 * into the file. They become initialisers of the main graph, which every graph in it sees, once.
 */
export class SharedWeights {
  readonly #graph: Graph;
  readonly #name: (wanted: string) => string;
  readonly #possible: boolean;
  readonly #made = new Map<Tensor, string>();
  readonly #byName = new Map<string, Tensor>();

  constructor(model: Model, name: (wanted: string) => string) {
    this.#graph = model.graph;
    this.#name = name;
    // Below IR version 4 initialisers must be inputs too, which callers would see.
    this.#possible = (model.irVersion ?? 0) >= 4;
  }

  /**
   * @param wanted name for it, where it is new
   * @returns the name of the initialiser that holds the tensor; undefined where it has to stay where it is
   */
  nameOf(tensor: Tensor, wanted: string): string | undefined {
    const known = this.#made.get(tensor);
    if (known !== undefined) return known;
    const elements = tensor.dims.reduce((a, b) => a * b, 1);
    if (!this.#possible || elements < smallest || dtypeOfCode(tensor.dataType) === undefined)
      return undefined;
    const name = this.#name(wanted);
    this.#made.set(tensor, name);
    this.#byName.set(name, tensor);
    this.#graph.initializer.push({ ...tensor, name });
    return name;
  }

  /** The tensor of an initialiser made here. */
  find(name: string): Tensor | undefined {
    return this.#byName.get(name);
  }
}
