import type { HostTensor } from "#engine/evaluate/tensors/tensor.ts";
import { cloneStructure } from "#engine/graph/clone.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import { makeValue } from "#engine/onnx/build.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import type { Executable } from "#engine/passes/pass.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { differentiate } from "../differentiate.ts";
import { Emitter } from "../emitter.ts";
import { ForwardGraph } from "../forward.ts";
import { sizeOf } from "../operand.ts";
import { array, type NdArray } from "./array.ts";
import { noise } from "./case.ts";

const steps = [0.1, 0.03, 0.01, 0.003, 0.001];

type Feeds = Readonly<Record<string, HostTensor>>;

export function floatFeed(dims: readonly number[], data: ArrayLike<number>): HostTensor {
  return { dtype: "float32", dims: [...dims], data: Float32Array.from(data) };
}

/** A model with its gradients in one graph. The loss is the sum of some values, each number times a random one. */
export class Network implements AsyncDisposable {
  readonly #session: Executable;
  readonly #feeds: Feeds;
  readonly #seeds: ReadonlyMap<string, HostTensor>;
  readonly #gradientNames: ReadonlyMap<string, string>;

  private constructor(
    session: Executable,
    feeds: Feeds,
    seeds: ReadonlyMap<string, HostTensor>,
    gradientNames: ReadonlyMap<string, string>,
  ) {
    this.#session = session;
    this.#feeds = feeds;
    this.#seeds = seeds;
    this.#gradientNames = gradientNames;
  }

  /**
   * @param feeds of the model's inputs
   * @param wanted inputs, or weights, which become inputs
   * @param seeded values that the loss is made of; the outputs unless given
   */
  static async load(
    original: Model,
    feeds: Feeds,
    wanted: readonly string[],
    seeded: readonly string[] = original.graph.output.map(({ name }) => name),
  ): Promise<Network> {
    const model = cloneStructure(original);
    const { graph } = model;
    const all: Record<string, HostTensor> = { ...feeds };
    for (const tensor of graph.initializer.filter(({ name }) => wanted.includes(name ?? ""))) {
      graph.input.push(makeValue(tensor.name ?? "", "float32", tensor.dims));
      all[tensor.name ?? ""] = floatFeed(tensor.dims, readFloats(tensor));
    }
    graph.initializer = graph.initializer.filter(({ name }) => !wanted.includes(name ?? ""));
    const forward = new ForwardGraph(
      model,
      new Map(Object.entries(all).map(([name, { dims }]) => [name, dims])),
    );
    const emit = new Emitter(uniqueNames(model));
    const seeds = new Map(
      seeded.map((name) => [name, { name: emit.name("seed"), dims: forward.known(name).dims }]),
    );
    const found = differentiate(forward, emit, seeds, wanted);
    graph.input.push(...[...seeds.values()].map(({ name, dims }) => makeValue(name, "float32", dims)));
    graph.node.push(...emit.nodes);
    graph.initializer.push(...emit.initializers);
    const gradientNames = new Map([...found].map(([name, gradient]) => [name, gradient.name]));
    graph.output = [...new Set([...seeded, ...gradientNames.values()])].map((name) =>
      makeValue(name, "float32"),
    );
    const values = new Map<string, HostTensor>();
    [...seeds].forEach(([value, { name, dims }], at) => {
      all[name] = floatFeed(dims, noise(sizeOf(dims), at + 1));
      values.set(value, all[name]);
    });
    return new Network(await loadExecutable(model), all, values, gradientNames);
  }

  async gradients(): Promise<Map<string, NdArray>> {
    const results = await this.#session.run({ ...this.#feeds });
    return new Map([...this.#gradientNames].map(([wanted, name]) => [wanted, floatsOf(results[name])]));
  }

  /** The loss with one number of an input moved. */
  async #loss(input: string, at: number, by: number): Promise<number> {
    const moved = floatsOf(this.#feeds[input]);
    moved.data[at] = (moved.data[at] ?? 0) + by;
    const results = await this.#session.run({ ...this.#feeds, [input]: floatFeed(moved.dims, moved.data) });
    let sum = 0;
    for (const [value, seed] of this.#seeds) {
      const factors = floatsOf(seed).data;
      floatsOf(results[value]).data.forEach((number, k) => {
        sum += number * (factors[k] ?? 0);
      });
    }
    return sum;
  }

  /**
   * The largest gap between the gradient of an input and central differences in float32, of the steepest entries and of
   * some others, as a share of the largest gradient. Curves and kinks ask for small steps, the roundings of float32 for
   * large ones: each entry is judged by the step that suits it best.
   */
  async largestGap(input: string, entries: number): Promise<number> {
    const gradient = (await this.gradients()).get(input)?.data;
    if (gradient === undefined) throw new Error(`${input} has no gradient`);
    const order = [...gradient.keys()].sort(
      (a, b) => Math.abs(gradient[b] ?? 0) - Math.abs(gradient[a] ?? 0),
    );
    const some = Array.from(
      { length: entries },
      (_, k) => order[Math.floor((k * order.length) / entries)] ?? 0,
    );
    const places = new Set([...order.slice(0, entries), ...some]);
    const largest = Math.abs(gradient[order[0] ?? 0] ?? 0);
    let gap = 0;
    for (const at of places) {
      const gaps: number[] = [];
      for (const step of steps) {
        const slope =
          ((await this.#loss(input, at, step)) - (await this.#loss(input, at, -step))) / (2 * step);
        gaps.push(Math.abs(slope - (gradient[at] ?? 0)) / largest);
      }
      gap = Math.max(gap, Math.min(...gaps));
    }
    return gap;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#session.release();
  }
}

function floatsOf(tensor: HostTensor | undefined): NdArray {
  if (!(tensor?.data instanceof Float32Array)) throw new Error("not float32");
  return array(tensor.dims, Float64Array.from(tensor.data));
}
