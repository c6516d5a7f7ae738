import { EngineError } from "#engine/error.ts";
import type { Dataset } from "#engine/evaluate/dataset/dataset.ts";
import { makeFeeds } from "#engine/evaluate/dataset/feeds.ts";
import { matchInputs } from "#engine/evaluate/dataset/match-inputs.ts";
import type { HostTensor, ModelSignature, NumericData, TensorMap } from "#engine/evaluate/tensors/tensor.ts";

/** Items up to this many bytes in all are kept as the model takes them; more are made again for every batch. */
const mostKeptBytes = 2 ** 29;
/** Items that are made at a time while they are kept. */
const block = 1024;

interface Kept {
  readonly dtype: Exclude<HostTensor["dtype"], "string">;
  readonly itemDims: readonly number[];
  readonly count: number;
  /** By row of the table; rows that were not asked for are zero. */
  readonly data: NumericData;
}

/** Batches of one size of a dataset's items, as a model takes them. */
export class BatchSource {
  readonly size: number;
  /** Shape of each input, the batch included. */
  readonly inputDims: ReadonlyMap<string, readonly number[]>;
  readonly #dataset: Dataset;
  readonly #signature: ModelSignature;
  readonly #kept: ReadonlyMap<string, Kept> | undefined;

  /**
   * @param rows those that will be asked for
   * @param size items of a batch, whatever batch the model was exported for
   * @throws EngineError "data-mismatch" where dataset and model do not fit
   */
  constructor(dataset: Dataset, signature: ModelSignature, rows: Uint32Array, size: number) {
    this.size = size;
    this.#dataset = dataset;
    this.#signature = {
      ...signature,
      inputs: signature.inputs.map((input) => ({ ...input, shape: ["batch", ...input.shape.slice(1)] })),
    };
    const plans = matchInputs(dataset, this.#signature);
    for (const { batch, signature: input } of plans) {
      if (batch === "none")
        throw new EngineError(
          "data-mismatch",
          "It has no axis for the items of a batch",
          `input "${input.name}"`,
        );
    }
    this.inputDims = new Map(plans.map(({ signature: { name }, itemDims }) => [name, [size, ...itemDims]]));
    this.#kept = this.#keep(rows);
  }

  #keep(rows: Uint32Array): ReadonlyMap<string, Kept> | undefined {
    const [first] = makeFeeds(this.#dataset, this.#signature, rows.slice(0, 1), 1);
    if (first === undefined) return undefined;
    const entries = Object.entries(first.feeds);
    const bytes = entries.reduce(
      (sum, [, { data }]) => sum + ("byteLength" in data ? data.byteLength : Infinity),
      0,
    );
    const height = rows.reduce((most, row) => Math.max(most, row + 1), 0);
    if (bytes * height > mostKeptBytes) return undefined;
    const kept = new Map<string, Kept>();
    for (const [name, { dtype, dims, data }] of entries) {
      if (dtype === "string" || !("byteLength" in data)) return undefined;
      const make = data.constructor as new (length: number) => NumericData;
      const count = data.length;
      kept.set(name, { dtype, itemDims: dims.slice(1), count, data: new make(height * count) });
    }
    for (const { feeds, rows: made } of makeFeeds(this.#dataset, this.#signature, rows, block)) {
      for (const [name, { count, data }] of kept) {
        const source = feeds[name]?.data as NumericData;
        made.forEach((row, at) => {
          data.set(source.subarray(at * count, (at + 1) * count) as never, row * count);
        });
      }
    }
    return kept;
  }

  /** @param rows as many as the batch has */
  feeds(rows: Uint32Array): TensorMap {
    if (this.#kept === undefined) {
      const [batch] = makeFeeds(this.#dataset, this.#signature, rows, this.size);
      return batch?.feeds ?? {};
    }
    const feeds: Record<string, HostTensor> = {};
    for (const [name, { dtype, itemDims, count, data }] of this.#kept) {
      const make = data.constructor as new (length: number) => NumericData;
      const batch = new make(rows.length * count);
      rows.forEach((row, at) => {
        batch.set(data.subarray(row * count, (row + 1) * count) as never, at * count);
      });
      feeds[name] = { dtype, dims: [rows.length, ...itemDims], data: batch };
    }
    return feeds;
  }
}
