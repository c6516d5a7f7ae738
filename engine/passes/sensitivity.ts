import { EngineError } from "#engine/error.ts";
import type { FeedBatch } from "#engine/evaluate/dataset/feeds.ts";
import { isFloat } from "#engine/evaluate/tensors/elements.ts";
import type { TensorMap } from "#engine/evaluate/tensors/tensor.ts";
import { cloneStructure } from "#engine/graph/clone.ts";
import { indexModel, type ModelIndex } from "#engine/graph/index.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Model, Tensor } from "#engine/onnx/model.ts";
import { elementCount } from "#engine/onnx/tensor.ts";
import { say } from "#engine/say.ts";
import type { CalibrationData, Executable, PassTools, Skip } from "./pass.ts";
import { type Pruned, sparsityThreshold, zeroBelow } from "./prune-magnitude/select.ts";
import { type PrunableWeight, prunableWeights } from "./prune-magnitude/weights.ts";
import { prunedTensor, replaceTensors } from "./pruning/replace.ts";
import { Difference } from "./sensitivity/difference.ts";

export interface SensitivityOptions {
  /** Each between 0 and 1, at most 32 of them. */
  readonly sparsities?: readonly number[];
  /** The largest tensors are scanned, this many at most. */
  readonly maxTensors?: number;
  /** Names of weights or nodes that are not scanned. */
  readonly protect?: readonly string[];
  /** From 0 to 1. */
  onProgress?(fraction: number): void;
  /** Called between runs: what it throws ends the scan. */
  checkpoint?(): void;
}

/** What pruning one tensor alone does to the outputs. */
export interface SensitivityRow {
  readonly tensor: string;
  readonly elements: number;
  /** As asked for. */
  readonly sparsity: number;
  /** Share of the tensor that is zero then. */
  readonly achieved: number;
  /** √(Σ (x − y)² / Σ x²) of the output of floats that suffers most. */
  readonly relativeError: number;
  /** Cosine between original and variant of the output of floats that suffers most, all items as one vector. */
  readonly cosine: number;
}

export interface SensitivityScan {
  /** Tensors in the order of the model, sparsities as given. */
  readonly rows: readonly SensitivityRow[];
  /** Tensors that were not scanned, and why. */
  readonly skipped: readonly Skip[];
  readonly items: number;
}

export const defaultSparsities: readonly number[] = [0.25, 0.5, 0.75, 0.9];
const defaultMaxTensors = 64;
const mostSparsities = 32;
/** Outputs of the original that are kept for comparison: 1 GiB of float32. */
const maxKept = 2 ** 28;

/**
 * Prunes one tensor at a time, by magnitude to several sparsities, and measures what that does to the outputs: which
 * layers bear pruning and which do not (the sensitivity analysis of Han et al., arXiv 1506.02626, without
 * retraining and by fidelity to the original in the place of accuracy, so that no labels are needed).
 *
 * One session per variant: 1 + tensors · sparsities runs over the data, fewer where pruning changes nothing.
 *
 * @param data calibration items, or `madeUpData`
 * @throws EngineError "runtime-refused" where the model does not run, "data-mismatch" where no output is of a float
 * type or the data does not fit, "invalid-option", "limit-exceeded" where the outputs are too large to keep
 */
export async function scanSensitivity(
  model: Model,
  load: NonNullable<PassTools["load"]>,
  data: Pick<CalibrationData, "batches">,
  options: SensitivityOptions = {},
): Promise<SensitivityScan> {
  const sparsities = checked(options.sparsities ?? defaultSparsities);
  const copy = cloneStructure(model);
  const index = indexModel(copy);
  const found = prunableWeights(index, options.protect ?? []);
  const { chosen, left } = largest(found.weights, options.maxTensors ?? defaultMaxTensors);
  const reference = await Reference.record(model, load, data);
  const rows: SensitivityRow[] = [];
  const total = chosen.length * sparsities.length;
  options.onProgress?.(0);
  for (const weight of chosen) {
    const floats = readFloats(weight.tensor);
    for (const sparsity of sparsities) {
      options.checkpoint?.();
      const pruned = zeroBelow(floats, sparsityThreshold([floats], sparsity));
      // Pruning that changes nothing leaves the very same model: there is nothing to run.
      const isSame = pruned.zeros === pruned.zerosBefore;
      const error = isSame ? same : await measure(copy, index, load, reference, weight, pruned);
      rows.push({
        tensor: weight.value.name,
        elements: floats.length,
        sparsity,
        achieved: pruned.zeros / floats.length,
        ...error,
      });
      options.onProgress?.(rows.length / total);
    }
  }
  return { rows, skipped: [...found.skipped, ...left], items: reference.items };
}

function checked(sparsities: readonly number[]): readonly number[] {
  const isValid = sparsities.length <= mostSparsities && sparsities.every((one) => one >= 0 && one <= 1);
  if (isValid) return sparsities;
  throw new EngineError("invalid-option", `Sparsities are at most ${mostSparsities} numbers between 0 and 1`);
}

function largest(weights: readonly PrunableWeight[], most: number) {
  const sizeOf = ({ tensor }: PrunableWeight) => elementCount(tensor.dims);
  const ranked = [...weights].sort((a, b) => sizeOf(b) - sizeOf(a));
  const chosen = new Set(ranked.slice(0, Math.max(0, most)));
  const left = weights.filter((weight) => !chosen.has(weight));
  const reason = say("pruning.notAmongLargest", { count: chosen.size });
  return {
    chosen: weights.filter((weight) => chosen.has(weight)),
    left: left.map(({ value }): Skip => ({ name: value.name, reason })),
  };
}

type Effect = Pick<SensitivityRow, "relativeError" | "cosine">;

const same: Effect = { relativeError: 0, cosine: 1 };

/** Puts the pruned tensor into the model for as long as the measurement takes. */
async function measure(
  model: Model,
  index: ModelIndex,
  load: NonNullable<PassTools["load"]>,
  reference: Reference,
  weight: PrunableWeight,
  { values }: Pruned,
): Promise<Effect> {
  const fresh = prunedTensor(weight.tensor, values);
  const swap = (old: Tensor, other: Tensor) =>
    replaceTensors(index, [{ value: weight.value, tensor: old }], new Map([[old, other]]));
  swap(weight.tensor, fresh);
  try {
    const session = await load(model);
    try {
      return await reference.compare(session);
    } finally {
      await session.release();
    }
  } finally {
    swap(fresh, weight.tensor);
  }
}

/** The original's outputs of floats on all batches. */
class Reference {
  readonly items: number;
  readonly #batches: readonly { batch: FeedBatch; outputs: TensorMap }[];
  readonly #names: readonly string[];

  private constructor(
    names: readonly string[],
    batches: readonly { batch: FeedBatch; outputs: TensorMap }[],
  ) {
    this.#names = names;
    this.#batches = batches;
    this.items = batches.reduce((sum, { batch }) => sum + batch.rows.length, 0);
  }

  static async record(
    model: Model,
    load: NonNullable<PassTools["load"]>,
    data: Pick<CalibrationData, "batches">,
  ): Promise<Reference> {
    const session = await load(model);
    try {
      const names = session.signature.outputs.filter(({ dtype }) => isFloat(dtype)).map(({ name }) => name);
      if (names.length === 0) {
        throw new EngineError("data-mismatch", "The model has no output of a float type to compare");
      }
      const batches: { batch: FeedBatch; outputs: TensorMap }[] = [];
      let kept = 0;
      for (const batch of data.batches(session.signature)) {
        const results = await session.run(batch.feeds);
        const outputs: Record<string, TensorMap[string]> = {};
        for (const name of names) {
          const output = results[name];
          if (output === undefined) continue;
          outputs[name] = output;
          kept += output.data.length;
        }
        if (kept > maxKept) {
          throw new EngineError("limit-exceeded", "The outputs are too large to keep: take fewer items");
        }
        batches.push({ batch, outputs });
      }
      if (batches.length === 0) throw new EngineError("data-mismatch", "There are no items to run");
      return new Reference(names, batches);
    } finally {
      await session.release();
    }
  }

  /** The greatest error and the least cosine among the outputs. */
  async compare(session: Executable): Promise<Effect> {
    const differences = new Map(this.#names.map((name) => [name, new Difference()]));
    for (const { batch, outputs } of this.#batches) {
      const results = await session.run(batch.feeds);
      for (const [name, difference] of differences) {
        const original = outputs[name];
        if (original !== undefined) difference.add(original, results[name]);
      }
    }
    const all = [...differences.values()];
    return {
      relativeError: Math.max(...all.map(({ relativeError }) => relativeError)),
      cosine: Math.min(...all.map(({ cosine }) => cosine)),
    };
  }
}
