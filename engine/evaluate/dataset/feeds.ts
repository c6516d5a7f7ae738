import { EngineError } from "#engine/error.ts";
import { convertNumbers, toNumbers } from "../tensors/elements.ts";
import {
  type DataType,
  elementCount,
  type HostTensor,
  type ModelSignature,
  type TensorMap,
} from "../tensors/tensor.ts";
import type { Dataset } from "./dataset.ts";
import { batchOf, type InputPlan, matchInputs } from "./match-inputs.ts";

/** The tensors of one call and the rows that they stand for. */
export interface FeedBatch {
  readonly feeds: TensorMap;
  /** Rows in the order of the batch; shorter than the batch where a fixed batch was filled up. */
  readonly rows: Uint32Array;
  /** Items in the tensors, the filling included. */
  readonly size: number;
}

/**
 * Batches of model inputs for rows of a dataset, made one at a time.
 *
 * A model with a dynamic batch gets `batchSize` items a call and fewer in the last. One with a fixed batch of n
 * gets n, the last call filled up by repeating its last item. One without a batch axis gets single items.
 *
 * @throws EngineError "data-mismatch" before the first batch where dataset and model do not fit
 */
export function makeFeeds(
  dataset: Dataset,
  model: ModelSignature,
  rows: Uint32Array,
  batchSize: number,
): Iterable<FeedBatch> {
  const plans = matchInputs(dataset, model);
  const rule = batchOf(plans);
  const size = rule === "dynamic" ? batchSize : rule === "none" ? 1 : rule;
  return {
    *[Symbol.iterator]() {
      for (let start = 0; start < rows.length; start += size) {
        const taken = rows.slice(start, start + size);
        yield makeBatch(plans, taken, rule === "dynamic" ? taken.length : size);
      }
    },
  };
}

function makeBatch(plans: readonly InputPlan[], rows: Uint32Array, size: number): FeedBatch {
  const feeds: Record<string, HostTensor> = {};
  for (const plan of plans) feeds[plan.signature.name] = fill(plan, rows, size);
  return { feeds, rows, size };
}

function fill(plan: InputPlan, rows: Uint32Array, size: number): HostTensor {
  const { signature, encoder, itemDims, batch, permutation } = plan;
  const { dtype } = signature;
  const dims = batch === "none" ? itemDims : [size, ...itemDims];
  const row = (index: number) => rows[Math.min(index, rows.length - 1)]!;
  if (dtype === "string") {
    const cells = Array.from({ length: size }, (_, index) => encoder.strings?.(row(index)) ?? []);
    return { dtype, dims, data: cells.flat() };
  }
  const count = elementCount(itemDims);
  const values = new Float64Array(size * count);
  const item = new Float64Array(count);
  for (let index = 0; index < size; index++) {
    encoder.write(row(index), item);
    const at = index * count;
    if (permutation === undefined) values.set(item, at);
    else for (let value = 0; value < count; value++) values[at + value] = item[permutation[value]!]!;
  }
  return { dtype, dims, data: convert(values, encoder.dtype, dtype, signature.name) };
}

/** Rounds to the type of the manifest first: the model must see what the dataset says, then in its own type. */
function convert(
  values: Float64Array,
  declared: DataType | undefined,
  wanted: Exclude<DataType, "string">,
  name: string,
) {
  const place = `input "${name}"`;
  if (declared === undefined || declared === "string" || declared === wanted) {
    return convertNumbers(values, wanted, place);
  }
  const rounded = toNumbers({ dtype: declared, dims: [], data: convertNumbers(values, declared, place) });
  return convertNumbers(rounded, wanted, place);
}

/**
 * The dataset's items as single feeds, for timing: `count` rows evenly spaced over those given, with a batch of
 * `batchSize` where the model allows it.
 *
 * @returns the feeds and how many items each holds
 */
export function sampleFeeds(
  dataset: Dataset,
  model: ModelSignature,
  rows: Uint32Array,
  count: number,
  batchSize = 1,
): { feeds: readonly TensorMap[]; size: number } {
  if (rows.length === 0) throw new EngineError("data-mismatch", "There are no items to run");
  const wanted = count * batchSize;
  const picked = Uint32Array.from(
    { length: wanted },
    (_, index) => rows[Math.floor((index * rows.length) / wanted) % rows.length]!,
  );
  const batches = [...makeFeeds(dataset, model, picked, batchSize)];
  return { feeds: batches.slice(0, count).map(({ feeds }) => feeds), size: batches[0]?.size ?? 1 };
}
