import { EngineError } from "#engine/error.ts";
import type { Dataset } from "../evaluate/dataset/dataset.ts";
import { type FeedBatch, makeFeeds } from "../evaluate/dataset/feeds.ts";
import { toNumbers } from "../evaluate/tensors/elements.ts";
import type { ItemOutputs } from "../evaluate/tensors/item-outputs.ts";
import { elementCount, type HostTensor } from "../evaluate/tensors/tensor.ts";
import type { ModelSession } from "./session.ts";

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number) => void;
  /** Outputs to keep, by name. Default: all numeric ones. */
  readonly outputs?: readonly string[];
}

/** Memory that the kept outputs may take together. */
const maxValues = 2 ** 29;

/**
 * Runs a model over batches and gathers its outputs per item; what a batch was filled up with is dropped.
 *
 * @returns one entry per output name
 * @throws EngineError where an output's shape does not hold a whole number of values per item
 */
export async function runBatches(
  session: ModelSession,
  batches: Iterable<FeedBatch>,
  options: RunOptions = {},
): Promise<Map<string, ItemOutputs>> {
  const names =
    options.outputs ??
    session.signature.outputs.filter(({ dtype }) => dtype !== "string").map(({ name }) => name);
  const gathered = new Map(names.map((name) => [name, new Gatherer(name)]));
  let done = 0;
  for (const batch of batches) {
    options.signal?.throwIfAborted();
    const results = await session.run(batch.feeds);
    for (const [name, gatherer] of gathered) gatherer.add(results[name], batch);
    done += batch.rows.length;
    options.onProgress?.(done);
  }
  return new Map([...gathered].map(([name, gatherer]) => [name, gatherer.finish()]));
}

/** Runs a model over rows of a dataset. */
export function predict(
  session: ModelSession,
  dataset: Dataset,
  rows: Uint32Array,
  options: RunOptions & { readonly batchSize?: number } = {},
): Promise<Map<string, ItemOutputs>> {
  return runBatches(session, makeFeeds(dataset, session.signature, rows, options.batchSize ?? 64), options);
}

class Gatherer {
  private readonly name: string;
  private readonly parts: (Float32Array | Float64Array)[] = [];
  private itemDims: readonly number[] | undefined;
  private items = 0;
  private total = 0;

  constructor(name: string) {
    this.name = name;
  }

  add(tensor: HostTensor | undefined, { size, rows }: FeedBatch): void {
    if (tensor === undefined) {
      throw new EngineError("data-mismatch", `The model has no output "${this.name}"`);
    }
    const count = elementCount(tensor.dims);
    const perItem = count / size;
    if (!Number.isInteger(perItem)) {
      throw new EngineError(
        "data-mismatch",
        `The output "${this.name}" has ${count} values for ${size} items: it does not keep the items apart`,
      );
    }
    const { dims: shape } = tensor;
    // Without a batch axis the whole output is one item's, in its own shape.
    const dims = shape[0] === size ? shape.slice(1) : size === 1 ? shape : [perItem];
    this.itemDims ??= dims;
    if (elementCount(this.itemDims) !== perItem) {
      throw new EngineError("unsupported", `The output "${this.name}" changes its shape between items`);
    }
    this.items += rows.length;
    this.total += rows.length * perItem;
    if (this.total > maxValues) {
      throw new EngineError("limit-exceeded", `The output "${this.name}" is too large to keep for all items`);
    }
    this.parts.push(toNumbers(tensor).slice(0, rows.length * perItem));
  }

  finish(): ItemOutputs {
    const wide = this.parts.some((part) => part instanceof Float64Array);
    const values = wide ? new Float64Array(this.total) : new Float32Array(this.total);
    let offset = 0;
    for (const part of this.parts) {
      values.set(part, offset);
      offset += part.length;
    }
    return { items: this.items, itemDims: this.itemDims ?? [], values };
  }
}
