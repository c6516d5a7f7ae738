import { EngineError } from "#engine/error.ts";
import type { Dataset } from "#engine/evaluate/dataset/dataset.ts";
import { type FeedBatch, makeFeeds } from "#engine/evaluate/dataset/feeds.ts";
import { matchInputs } from "#engine/evaluate/dataset/match-inputs.ts";
import type { ModelSignature, TensorMap } from "#engine/evaluate/tensors/tensor.ts";
import type { Model } from "#engine/onnx/model.ts";
import { quote } from "#engine/onnx/quote.ts";
import type { LossOptions } from "#engine/train/losses/loss.schema.ts";
import { type Score, ScoreSum } from "#engine/train/scores.ts";
import type { TrainingTools } from "../training/tools.ts";
import { Observed } from "./observed.ts";
import { findPrediction, logitsOf, type Prediction } from "./prediction.ts";

/** A model that is asked what it makes of items: of any kind, quantised or not, as it is executed and never trained. */
export class Respondent {
  /** Shapes of what it says of an item: its prediction first, then the inner values asked for. */
  readonly itemDims: readonly (readonly number[])[];
  readonly #observed: Observed;
  readonly #dataset: Dataset;
  readonly #prediction: Prediction;
  readonly #loss: LossOptions;

  private constructor(
    observed: Observed,
    dataset: Dataset,
    prediction: Prediction,
    loss: LossOptions,
    itemDims: readonly (readonly number[])[],
  ) {
    this.#observed = observed;
    this.#dataset = dataset;
    this.#prediction = prediction;
    this.#loss = loss;
    this.itemDims = itemDims;
  }

  /**
   * @param hidden inner values of its main graph
   * @throws EngineError "runtime-refused" where it cannot be executed, "data-mismatch" where the dataset does not fit it,
   *   "unsupported" where what it says is not item by item
   */
  static async open(
    model: Model,
    hidden: readonly string[],
    loss: LossOptions,
    tools: Pick<TrainingTools, "dataset" | "execute">,
  ): Promise<Respondent> {
    const prediction = findPrediction(model, loss);
    const observed = await Observed.open(model, [prediction.name, ...hidden], tools);
    try {
      const itemDims = await probe(observed, tools.dataset);
      const rank = 1 + (itemDims[0]?.length ?? 0);
      if (prediction.axis !== undefined && prediction.axis !== rank - 1)
        throw new EngineError(
          "unsupported",
          "Its classes are not on the last axis",
          `value ${quote(prediction.name)}`,
        );
      return new Respondent(observed, tools.dataset, prediction, loss, itemDims);
    } catch (error) {
      await observed.release();
      throw error;
    }
  }

  get signature(): ModelSignature {
    return this.#observed.signature;
  }

  /** Batches of items as it takes them. */
  batches(rows: Uint32Array, size: number): Iterable<FeedBatch> {
    return makeFeeds(this.#dataset, this.signature, rows, size);
  }

  /**
   * What it says of items: one list of values for each of `itemDims`, item by item. Scores of classes are logits.
   *
   * @throws EngineError "runtime-refused"
   */
  async ask(feeds: TensorMap, items: number): Promise<Float32Array[]> {
    const shown = await this.#observed.run(feeds, items);
    return shown.map(({ data }, at) =>
      at === 0 && this.#prediction.isProbability ? logitsOf(data, this.#loss) : data,
    );
  }

  /** How good it is on some rows; undefined where there are none. */
  async score(rows: Uint32Array, size: number, signal?: AbortSignal): Promise<Score | undefined> {
    const { labels } = this.#dataset;
    if (rows.length === 0 || labels === undefined) return undefined;
    const sum = new ScoreSum(this.#loss, labels);
    for (const { feeds, rows: taken } of this.batches(rows, size)) {
      signal?.throwIfAborted();
      const [said] = await this.ask(feeds, taken.length);
      if (said !== undefined) sum.add(said, taken.length, taken);
    }
    return sum.result();
  }

  release(): Promise<void> {
    return this.#observed.release();
  }
}

/**
 * Shapes of what a model says of one item of the train split.
 *
 * @throws EngineError as `Respondent.open` does
 */
async function probe(observed: Observed, dataset: Dataset): Promise<(readonly number[])[]> {
  for (const { batch, signature } of matchInputs(dataset, observed.signature)) {
    if (batch === "none")
      throw new EngineError(
        "data-mismatch",
        "It has no axis for the items of a batch",
        `input "${signature.name}"`,
      );
  }
  const [first] = makeFeeds(dataset, observed.signature, dataset.splits.train.slice(0, 2), 2);
  if (first === undefined) throw new EngineError("data-mismatch", "There is no item to try it on");
  const shown = await observed.run(first.feeds, first.rows.length);
  return shown.map(({ dims }) => dims.slice(1));
}
