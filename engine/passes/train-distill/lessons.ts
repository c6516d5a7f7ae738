import type { Dataset } from "#engine/evaluate/dataset/dataset.ts";
import { matchInputs } from "#engine/evaluate/dataset/match-inputs.ts";
import { elementCount, type TensorMap } from "#engine/evaluate/tensors/tensor.ts";
import { type Augmentation, augmentationStream } from "#engine/train/augment.ts";
import { BatchSource } from "#engine/train/batches.ts";
import type { FitBatch } from "#engine/train/fit.ts";
import type { Respondent } from "./respondent.ts";

/** Values of a teacher up to this many bytes in all are worked out once and kept; more are asked for batch by batch. */
const mostKeptBytes = 2 ** 29;

export interface LessonOptions {
  readonly dataset: Dataset;
  /** Items that will be trained on. */
  readonly rows: Uint32Array;
  /** Items of a batch. */
  readonly size: number;
  /** Where images are changed anew each time, the teacher has to see each of them. */
  readonly augmentation: Augmentation | undefined;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  onProgress?(fraction: number): void;
}

/** What a teacher says of each batch, in the order of its `itemDims`. */
export interface Lessons {
  /** Bytes that are kept. */
  readonly bytes: number;
  targets(batch: FitBatch): Promise<readonly Float32Array[]>;
}

/**
 * Prepares what a student is to be fed. Without augmentation a teacher says the same of an item in every epoch, so that
 * it is asked once where that fits into memory, in the order of the rows: a training that goes on from a checkpoint gets
 * the same bits.
 *
 * @param limit of the bytes to keep
 * @throws EngineError "runtime-refused"; the signal's reason
 */
export async function prepareLessons(
  teacher: Respondent,
  options: LessonOptions,
  limit = mostKeptBytes,
): Promise<Lessons> {
  const { augmentation, rows } = options;
  if (augmentation !== undefined)
    return { bytes: 0, targets: augmentedLessons(teacher, options, augmentation) };
  const counts = teacher.itemDims.map(elementCount);
  const bytes = 4 * rows.length * counts.reduce((sum, count) => sum + count, 0);
  if (bytes > limit) {
    const targets = async ({ rows: picked }: FitBatch) => await askAll(teacher, picked, options);
    return { bytes: 0, targets };
  }
  const kept = await askAll(teacher, rows, options);
  const places = new Map([...rows].map((row, place) => [row, place]));
  const targets = async ({ rows: picked }: FitBatch) =>
    kept.map((values, at) => {
      const count = counts[at] ?? 0;
      const batch = new Float32Array(picked.length * count);
      picked.forEach((row, item) => {
        const place = (places.get(row) ?? 0) * count;
        batch.set(values.subarray(place, place + count), item * count);
      });
      return batch;
    });
  return { bytes, targets };
}

/** What the teacher says of some rows. */
async function askAll(
  teacher: Respondent,
  rows: Uint32Array,
  { size, signal, onProgress }: LessonOptions,
): Promise<Float32Array[]> {
  const counts = teacher.itemDims.map(elementCount);
  const all = counts.map((count) => new Float32Array(rows.length * count));
  let done = 0;
  for (const { feeds, rows: taken } of teacher.batches(rows, size)) {
    signal?.throwIfAborted();
    const said = await teacher.ask(feeds, taken.length);
    said.forEach((values, at) => {
      all[at]?.set(values, done * (counts[at] ?? 0));
    });
    done += taken.length;
    if (rows.length > size) onProgress?.(done / rows.length);
  }
  return all;
}

/** Asks for the very images that the student gets, in the form in which the teacher takes them. */
function augmentedLessons(
  teacher: Respondent,
  { dataset, rows, size, seed }: LessonOptions,
  augmentation: Augmentation,
): Lessons["targets"] {
  let own: BatchSource | undefined;
  let shared: readonly string[] | undefined;
  return async ({ rows: picked, feeds, step }) => {
    if (own === undefined) shared ??= sharedInputs(teacher, dataset, feeds);
    if (shared !== undefined) {
      const same = Object.fromEntries(Object.entries(feeds).filter(([name]) => shared?.includes(name)));
      return await teacher.ask(same, picked.length);
    }
    own ??= new BatchSource(dataset, teacher.signature, rows, size);
    const same = own.augmented(picked, augmentation, augmentationStream(seed, step));
    return await teacher.ask(same, picked.length);
  };
}

/** The teacher's inputs, where it takes them under the names of the student, in the same types and shapes. */
function sharedInputs({ signature }: Respondent, dataset: Dataset, feeds: TensorMap): string[] | undefined {
  const inputs = signature.inputs.map((input) => ({ ...input, shape: ["batch", ...input.shape.slice(1)] }));
  const plans = matchInputs(dataset, { ...signature, inputs });
  const isSame = plans.every(({ signature: { name, dtype }, itemDims }) => {
    const given = feeds[name];
    return given?.dtype === dtype && given.dims.slice(1).join() === itemDims.join();
  });
  return isSame ? inputs.map(({ name }) => name) : undefined;
}
