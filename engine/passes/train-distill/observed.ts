import { EngineError } from "#engine/error.ts";
import { allocate, toNumbers } from "#engine/evaluate/tensors/elements.ts";
import {
  elementCount,
  type HostTensor,
  type ModelSignature,
  type NumericData,
  type TensorMap,
} from "#engine/evaluate/tensors/tensor.ts";
import type { Model } from "#engine/onnx/model.ts";
import { quote } from "#engine/onnx/quote.ts";
import { showing } from "../observe.ts";
import type { Executable } from "../pass.ts";
import type { TrainingTools } from "../training/tools.ts";

/** A value of a model for some items, in float32. */
export interface Shown {
  /** The first axis is that of the items. */
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** A model that is executed for some of its values. */
export class Observed {
  readonly #session: Executable;
  readonly #names: readonly string[];

  private constructor(session: Executable, names: readonly string[]) {
    this.#session = session;
    this.#names = names;
  }

  /**
   * @param names values of the main graph
   * @throws EngineError "runtime-refused"
   */
  static async open(
    model: Model,
    names: readonly string[],
    { execute }: Pick<TrainingTools, "execute">,
  ): Promise<Observed> {
    return new Observed(await execute({ ...model, graph: showing(model.graph, names) }), names);
  }

  get signature(): ModelSignature {
    return this.#session.signature;
  }

  /**
   * The values in the order of their names. A model of a fixed batch gets the items part by part, the last part filled up.
   *
   * @param items that count; what else is in the feeds fills the batch
   * @throws EngineError "runtime-refused"; "unsupported" for a value whose first axis is not that of the items
   */
  async run(feeds: TensorMap, items: number): Promise<Shown[]> {
    const given = Object.values(feeds)[0]?.dims[0] ?? items;
    const fixed = this.signature.inputs.map(({ shape }) => shape[0]).find((size) => typeof size === "number");
    if (fixed === undefined || fixed === given)
      return this.#shown(await this.#session.run(feeds), given, items);
    const parts: Shown[][] = [];
    for (let at = 0; at < items; at += fixed) {
      const taken = Math.min(fixed, items - at);
      parts.push(this.#shown(await this.#session.run(part(feeds, at, fixed)), fixed, taken));
    }
    return this.#names.map((_, value) => joined(parts.flatMap((part) => part[value] ?? [])));
  }

  /** @param given items that were run, of which `items` count */
  #shown(results: TensorMap, given: number, items: number): Shown[] {
    return this.#names.map((name) => {
      const tensor = results[name];
      if (tensor === undefined) throw new Error(`The model gave no ${name}`);
      const [first, ...rest] = tensor.dims;
      if (first !== given)
        throw new EngineError(
          "unsupported",
          `Its first axis of ${first ?? "none"} is not that of the ${given} items of a batch`,
          `value ${quote(name)}`,
        );
      const data = tensor.data instanceof Float32Array ? tensor.data : Float32Array.from(toNumbers(tensor));
      return { dims: [items, ...rest], data: data.subarray(0, items * elementCount(rest)) };
    });
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

/** Items `from` to `from + size` of each input; beyond the last one it is repeated. */
function part(feeds: TensorMap, from: number, size: number): TensorMap {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, tensor]): [string, HostTensor] => {
      const [count = 1, ...rest] = tensor.dims;
      const each = elementCount(rest);
      const dims = [size, ...rest];
      const place = (item: number) => Math.min(from + item, count - 1) * each;
      if (tensor.dtype === "string" || !("byteLength" in tensor.data)) {
        const cells = [...tensor.data].map(String);
        const data = Array.from({ length: size }, (_, item) => cells.slice(place(item), place(item) + each));
        return [name, { dtype: "string", dims, data: data.flat() }];
      }
      const source: NumericData = tensor.data;
      const data = allocate(tensor.dtype, size * each);
      for (let item = 0; item < size; item++)
        data.set(source.subarray(place(item), place(item) + each) as never, item * each);
      return [name, { dtype: tensor.dtype, dims, data }];
    }),
  );
}

function joined(parts: readonly Shown[]): Shown {
  const [first] = parts;
  const items = parts.reduce((sum, { dims }) => sum + (dims[0] ?? 0), 0);
  const data = new Float32Array(parts.reduce((sum, { data: { length } }) => sum + length, 0));
  let at = 0;
  for (const { data: values } of parts) {
    data.set(values, at);
    at += values.length;
  }
  return { dims: [items, ...(first?.dims.slice(1) ?? [])], data };
}
