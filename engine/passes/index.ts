import type { Model } from "#engine/onnx/model.ts";
import { castFloat16 } from "./cast.float16.ts";
import type { Pass, PassContext, PassResult } from "./pass.ts";
import { pruneMagnitude } from "./prune.magnitude.ts";
import { quantizeDynamic } from "./quantize.dynamic.ts";
import type { Step, StepName } from "./step.schema.ts";

type Registry = { readonly [Name in StepName]: Pass<Extract<Step, { use: Name }>> };

/** Every technique by the name that recipes use. */
export const passes: Registry = {
  "cast.float16": castFloat16,
  "quantize.dynamic": quantizeDynamic,
  "prune.magnitude": pruneMagnitude,
};

/** Runs one step on a model that belongs to it. */
export function runStep(model: Model, step: Step, context: PassContext): PassResult {
  switch (step.use) {
    case "cast.float16":
      return passes[step.use](model, step, context);
    case "quantize.dynamic":
      return passes[step.use](model, step, context);
    case "prune.magnitude":
      return passes[step.use](model, step, context);
  }
}
