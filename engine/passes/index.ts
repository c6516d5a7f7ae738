import { EngineError } from "#engine/error.ts";
import type { Model } from "#engine/onnx/model.ts";
import { say } from "#engine/say.ts";
import { castBfloat16 } from "./cast.bfloat16.ts";
import { castFloat16 } from "./cast.float16.ts";
import { clusterKmeans } from "./cluster.kmeans.ts";
import { factorizeSvd } from "./factorize.svd.ts";
import { needOf } from "./needs.ts";
import { type AsyncPass, notApplicable, type Pass, type PassContext, type PassResult } from "./pass.ts";
import { pruneMagnitude } from "./prune.magnitude.ts";
import { pruneNm } from "./prune.nm.ts";
import { pruneNormalized } from "./prune.normalized.ts";
import { pruneStructured } from "./prune.structured.ts";
import { pruneWanda } from "./prune.wanda.ts";
import { quantizeBlockwise } from "./quantize.blockwise.ts";
import { quantizeDynamic } from "./quantize.dynamic.ts";
import { quantizeStatic } from "./quantize.static.ts";
import { simplify } from "./simplify.ts";
import type { StepName, StepOf } from "./step.schema.ts";
import { trainDistill } from "./train.distill.ts";
import { trainFinetune } from "./train.finetune.ts";
import { trainLora } from "./train.lora.ts";
import { trainPrune } from "./train.prune.ts";
import { trainQat } from "./train.qat.ts";
import { trainStructured } from "./train.structured.ts";
import { untrainable } from "./training/report.ts";

/** What the engine must know of a technique to run it. */
interface Technique<Options> {
  readonly run: Pass<Options> | AsyncPass<Options>;
  /** True where its gain is the size of the file: a result that is larger is taken back. */
  readonly shrinks: boolean;
}

type Registry = { readonly [Name in StepName]: Technique<StepOf[Name]> };

/** Every technique by the name that recipes use. */
export const techniques: Registry = {
  "cast.float16": { run: castFloat16, shrinks: true },
  "cast.bfloat16": { run: castBfloat16, shrinks: true },
  "quantize.dynamic": { run: quantizeDynamic, shrinks: true },
  "cluster.kmeans": { run: clusterKmeans, shrinks: false },
  "factorize.svd": {
    run: factorizeSvd,
    shrinks: true,
  },
  "quantize.blockwise": {
    run: quantizeBlockwise,
    shrinks: true,
  },
  "quantize.static": { run: quantizeStatic, shrinks: true },
  "prune.magnitude": { run: pruneMagnitude, shrinks: false },
  "prune.structured": {
    run: pruneStructured,
    shrinks: false,
  },
  "prune.normalized": { run: pruneNormalized, shrinks: false },
  "prune.nm": { run: pruneNm, shrinks: false },
  "prune.wanda": { run: pruneWanda, shrinks: false },
  simplify: { run: simplify, shrinks: false },
  "train.distill": { run: trainDistill, shrinks: false },
  "train.finetune": { run: trainFinetune, shrinks: false },
  "train.prune": { run: trainPrune, shrinks: false },
  "train.lora": { run: trainLora, shrinks: false },
  "train.structured": { run: trainStructured, shrinks: false },
  "train.qat": { run: trainQat, shrinks: true },
};

function techniqueOf<Name extends StepName>(use: Name): Technique<StepOf[Name]> {
  return techniques[use];
}

/** Runs one step on a model that belongs to it. */
export async function runStep<Name extends StepName>(
  model: Model,
  step: StepOf[Name] & { use: Name },
  context: PassContext,
): Promise<PassResult> {
  const technique = techniqueOf(step.use);
  const need = needOf(step);
  if (need === "calibration data" && (context.calibration === undefined || context.load === undefined)) {
    return notApplicable(say("common.needsData"));
  }
  if (need === "training data" && context.training === undefined) {
    return notApplicable(say("training.needsData"));
  }
  try {
    return await technique.run(model, step, context);
  } catch (error) {
    const cannot =
      need === "training data" && error instanceof EngineError && error.code === "not-differentiable";
    if (cannot) return untrainable(error);
    throw error;
  }
}
