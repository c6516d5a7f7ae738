import type { FeedBatch } from "#engine/evaluate/dataset/feeds.ts";
import type { ModelSignature, TensorMap } from "#engine/evaluate/tensors/tensor.ts";
import { nodePlace } from "#engine/graph/scope.ts";
import type { Model, Node } from "#engine/onnx/model.ts";
import { plain } from "#engine/onnx/quote.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { inlinePool, type Pool } from "./pool.ts";
import { memoryShelf, type Shelf } from "./shelf.ts";
import type { TrainingTools } from "./training/tools.ts";

/** Something that a step changed: a tensor, a node or the model, and what happened to it. */
export interface Change {
  name: string;
  what: EngineRemark;
}

/** Something that a step would have changed but for the reason given. */
export interface Skip {
  name: string;
  reason: EngineRemark;
}

export interface PassResult {
  /** Empty: the step is not applicable to this model, the reasons are in `skipped`. */
  changed: Change[];
  skipped: Skip[];
  warnings: EngineRemark[];
}

/** A graph that ONNX Runtime has loaded as it is written: nothing is fused, every value keeps its meaning. */
export interface Executable {
  readonly signature: ModelSignature;
  /** @throws EngineError "runtime-refused" */
  run(feeds: TensorMap): Promise<TensorMap>;
  release(): Promise<void>;
}

/** Items to calibrate on: never those of the test split. */
export interface CalibrationData {
  readonly items: number;
  /** For reports, such as `300 items of the calibration split of "mnist"`. */
  readonly description: string | EngineRemark;
  /** All items, batch by batch, as a model of this signature takes them; from the first one at each call. */
  batches(signature: ModelSignature): Iterable<FeedBatch>;
}

/** What a pass may use besides the model. The engine outside `runtime/` has no native code and no threads: they come from there. */
export interface PassTools {
  /** Loads a graph to be executed; undefined where nothing can be executed. */
  readonly load: ((model: Model) => Promise<Executable>) | undefined;
  readonly calibration: CalibrationData | undefined;
  /** What techniques that train get; undefined where there is nothing to train on. */
  readonly training: TrainingTools | undefined;
  readonly pool: Pool;
  /** Where techniques that make large tensors put each of them as soon as it is finished. */
  readonly shelf: Shelf;
}

export interface PassContext extends PassTools {
  /** From 0 to 1 within this step. */
  onProgress(fraction: number): void;
  /** The recipe's: every random choice follows from it. */
  readonly seed: number;
  /** The model with which the recipe began; undefined where a step runs by itself. Not to be changed. */
  readonly original: Model | undefined;
}

/**
 * One compression technique. It edits the structure of `model`, which belongs to it alone, but never the values of a
 * tensor, which are shared with the original: it replaces tensors.
 */
export type Pass<Options> = (model: Model, options: Options, context: PassContext) => PassResult;

/** A technique that executes the model, or has other cores work for it. */
export type AsyncPass<Options> = (
  model: Model,
  options: Options,
  context: PassContext,
) => Promise<PassResult>;

export const noTools: PassTools = {
  load: undefined,
  calibration: undefined,
  training: undefined,
  pool: inlinePool,
  shelf: memoryShelf,
};

export const silent: PassContext = { ...noTools, onProgress: () => {}, seed: 0, original: undefined };

/** Name under which a report speaks of the model as a whole. */
export const wholeModel = "model";

/** Under which name a report speaks of a node. */
export function reportName(node: Node): string {
  return node.name || nodePlace(node);
}

/** A node as a sentence speaks of it: its operator, and its name or else what it makes. */
export function nodeRemark(node: Node): EngineRemark {
  const op = plain(node.opType || "?");
  return node.name
    ? say("common.node", { op, name: node.name })
    : say("common.nodeMaking", { op, output: node.output.find((name) => name) ?? "" });
}

/** The result of a step that can do nothing for this model. */
export function notApplicable(reason: EngineRemark, skipped: readonly Skip[] = []): PassResult {
  return { changed: [], skipped: [{ name: wholeModel, reason }, ...skipped], warnings: [] };
}
