import type { ModelIndex } from "#engine/graph/index.ts";
import { LazyBytes } from "#engine/onnx/lazy.ts";
import type { Tensor } from "#engine/onnx/model.ts";
import { elementCount } from "#engine/onnx/tensor.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { type Change, type PassResult, type PassTools, type Skip, wholeModel } from "../pass.ts";
import type { Pruned } from "../prune-magnitude/select.ts";
import type { PrunableWeight } from "../prune-magnitude/weights.ts";
import { type Shelf, shelved } from "../shelf.ts";
import { prunedTensor, replaceTensors } from "./replace.ts";

export const zerosWarning = say("pruning.zerosAlone");

const shareOf = (zeros: number, count: number) => ({ zeros, count, sparsity: zeros / count });

/** "protect" names that mean nothing in this model are mistakes of the recipe. */
export function unknownNames(unknown: readonly string[]): EngineRemark[] {
  return unknown.map((name) => say("common.unknownProtect", { name }));
}

/** Gathers what a pruning step did to each weight, puts the new tensors into the model and tells about it. */
export class PruningReport {
  readonly #skipped: Skip[];
  readonly #warnings: EngineRemark[];
  readonly #changed: Change[] = [];
  readonly #fresh = new Map<Tensor, Tensor>();
  readonly #weights: PrunableWeight[] = [];
  readonly #shelf: Shelf;
  #count = 0;
  #zeros = 0;

  constructor(
    skipped: readonly Skip[],
    warnings: readonly EngineRemark[],
    { shelf }: Pick<PassTools, "shelf">,
  ) {
    this.#shelf = shelf;
    this.#skipped = [...skipped];
    this.#warnings = [...warnings];
  }

  /** @param none the reason where no value was to be pruned */
  add(weight: PrunableWeight, { values, zeros, zerosBefore }: Pruned, none: EngineRemark): void {
    const count = elementCount(weight.tensor.dims);
    this.#count += count;
    this.#zeros += zeros;
    const share = shareOf(zeros, count);
    if (zeros > zerosBefore) {
      this.#weights.push(weight);
      this.#fresh.set(weight.tensor, shelved(prunedTensor(weight.tensor, values), this.#shelf));
      this.#changed.push({ name: weight.value.name, what: say("pruning.zeros", share) });
    } else {
      const reason = zeros > 0 ? say("pruning.alreadyZero") : none;
      this.#skipped.push({ name: weight.value.name, reason: say("pruning.unchanged", { reason, ...share }) });
    }
  }

  /** Puts a result where it need not stay in memory, for a caller that makes them in another order than it adds them. */
  shelve({ tensor }: PrunableWeight, pruned: Pruned): Pruned {
    if (pruned.zeros <= pruned.zerosBefore) return { ...pruned, values: new Float32Array() };
    const { rawData } = shelved(prunedTensor(tensor, pruned.values), this.#shelf);
    return rawData instanceof LazyBytes ? { ...pruned, values: rawData } : pruned;
  }

  skip(weight: PrunableWeight, reason: EngineRemark): void {
    this.#skipped.push({ name: weight.value.name, reason });
  }

  warn(warning: EngineRemark): void {
    this.#warnings.push(warning);
  }

  /** @param index of the model that the weights were found in */
  finish(index: ModelIndex): PassResult {
    const [changed, skipped, warnings] = [this.#changed, this.#skipped, this.#warnings];
    if (changed.length === 0 && skipped.length === 0) {
      skipped.push({ name: wholeModel, reason: say("common.noWeights") });
    }
    if (changed.length === 0) return { changed, skipped, warnings };
    replaceTensors(index, this.#weights, this.#fresh);
    const total = { name: wholeModel, what: say("pruning.zeros", shareOf(this.#zeros, this.#count)) };
    return { changed: [total, ...changed], skipped, warnings: [...warnings, zerosWarning] };
  }
}
