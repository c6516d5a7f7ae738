import { EngineError } from "#engine/error.ts";
import type { Dataset } from "#engine/evaluate/dataset/dataset.ts";
import { makeFeeds } from "#engine/evaluate/dataset/feeds.ts";
import { type InputPlan, matchInputs } from "#engine/evaluate/dataset/match-inputs.ts";
import type { RandomStream } from "#engine/evaluate/statistics/random.ts";
import type { HostTensor, ModelSignature, NumericData, TensorMap } from "#engine/evaluate/tensors/tensor.ts";
import { type Augmentation, augment, type ImageForm, imageForm } from "./augment.ts";

/** Items up to this many bytes in all are kept as the model takes them; more are made again for every batch. */
const mostKeptBytes = 2 ** 29;
/** Items that are made at a time while they are kept. */
const block = 1024;

/** Fewer values than a picture of 8 × 8 are numbers beside it. */
const isLarge = (dims: readonly number[]) => dims.reduce((product, size) => product * size, 1) >= 64;

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
  readonly #plans: readonly InputPlan[];
  #forms: ReadonlyMap<string, ImageForm> | undefined;
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
    this.#plans = plans;
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

  /**
   * A batch to train on, with its images moved and mirrored; inputs that are no images stay as they are.
   *
   * @param random of this batch
   * @throws EngineError "data-mismatch" where no input has images
   */
  augmented(rows: Uint32Array, how: Augmentation, random: RandomStream): TensorMap {
    const feeds = this.feeds(rows);
    for (const [name, form] of this.#images()) {
      const data = feeds[name]?.data;
      if (data !== undefined && "byteLength" in data) augment(data, form, how, random);
    }
    return feeds;
  }

  #images(): ReadonlyMap<string, ImageForm> {
    if (this.#forms !== undefined) return this.#forms;
    // In the order of the dataset: models that take the same images in another order see the same ones.
    const place = ({ encoder }: InputPlan) => this.#dataset.encoders.indexOf(encoder);
    const plans = this.#plans.toSorted((a, b) => place(a) - place(b));
    const pictures = plans.filter(({ itemDims, encoder }) => isLarge(itemDims) || encoder.input.layout);
    this.#forms = new Map(
      (pictures.length > 0 ? pictures : plans).map((plan) => [plan.signature.name, imageForm(plan)]),
    );
    return this.#forms;
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
