import type { Model } from "#engine/onnx/model.ts";
import { say } from "#engine/say.ts";
import { castBfloat16 } from "./cast.bfloat16.ts";
import { castFloat16 } from "./cast.float16.ts";
import { clusterKmeans } from "./cluster.kmeans.ts";
import { factorizeSvd } from "./factorize.svd.ts";
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

/** What the engine must know of a technique to run it. */
interface Technique<Options> {
  readonly run: Pass<Options> | AsyncPass<Options>;
  /** True where its gain is the size of the file: a result that is larger is taken back. */
  readonly shrinks: boolean;
  /** True where it cannot do its work with these options unless it sees data. */
  needsData(options: Options): boolean;
}

type Registry = { readonly [Name in StepName]: Technique<StepOf[Name]> };

const never = () => false;
const always = () => true;

/** Every technique by the name that recipes use. */
export const techniques: Registry = {
  "cast.float16": { run: castFloat16, shrinks: true, needsData: never },
  "cast.bfloat16": { run: castBfloat16, shrinks: true, needsData: never },
  "quantize.dynamic": { run: quantizeDynamic, shrinks: true, needsData: never },
  "cluster.kmeans": { run: clusterKmeans, shrinks: false, needsData: never },
  "factorize.svd": {
    run: factorizeSvd,
    shrinks: true,
    needsData: ({ activation_aware }) => activation_aware,
  },
  "quantize.blockwise": {
    run: quantizeBlockwise,
    shrinks: true,
    needsData: ({ algorithm }) => algorithm === "gptq",
  },
  "quantize.static": { run: quantizeStatic, shrinks: true, needsData: () => true },
  "prune.magnitude": { run: pruneMagnitude, shrinks: false, needsData: never },
  "prune.structured": {
    run: pruneStructured,
    shrinks: false,
    needsData: ({ compensate }) => compensate,
  },
  "prune.normalized": { run: pruneNormalized, shrinks: false, needsData: never },
  "prune.nm": { run: pruneNm, shrinks: false, needsData: never },
  "prune.wanda": { run: pruneWanda, shrinks: false, needsData: always },
  simplify: { run: simplify, shrinks: false, needsData: never },
};

function techniqueOf<Name extends StepName>(use: Name): Technique<StepOf[Name]> {
  return techniques[use];
}

/** True where the step looks at calibration data. */
export function needsData<Name extends StepName>(step: StepOf[Name] & { use: Name }): boolean {
  return techniqueOf(step.use).needsData(step);
}

/** Runs one step on a model that belongs to it. */
export async function runStep<Name extends StepName>(
  model: Model,
  step: StepOf[Name] & { use: Name },
  context: PassContext,
): Promise<PassResult> {
  const technique = techniqueOf(step.use);
  if (technique.needsData(step) && (context.calibration === undefined || context.load === undefined)) {
    return notApplicable(say("common.needsData"));
  }
  return await technique.run(model, step, context);
}
