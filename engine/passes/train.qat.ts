import { readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { say } from "#engine/say.ts";
import type { TrainingMemory } from "#engine/train/optimizers/memory.ts";
import { isFloat32 } from "./constants.ts";
import { type AsyncPass, notApplicable, type PassContext, type PassResult, wholeModel } from "./pass.ts";
import type { TrainQatOptions } from "./train.qat.schema.ts";
import { type FakeQuantized, fakeQuantized, givenScales } from "./train-qat/fake.ts";
import { floatScore } from "./train-qat/float-score.ts";
import { planQat, type QatPlan, writePlan } from "./train-qat/plan.ts";
import { keepsStart, qatChanges, scoreRemark } from "./train-qat/report.ts";
import { masksOf } from "./training/held.ts";
import { trainingWarnings } from "./training/report.ts";
import { retrain } from "./training/retrain.ts";
import type { TrainingTools } from "./training/tools.ts";

/** Share of the progress that calibration is. */
const calibrationShare = 0.1;

/**
 * Quantisation-aware training: the model is trained on while it rounds as its integers will (Jacob and others 2018), with
 * scales that learn, too (LSQ), and is then written with those integers. It starts from static quantisation, and ends
 * there where no epoch is better on the tuning split. See docs/engine/train.qat.md.
 */
export const trainQat: AsyncPass<TrainQatOptions> = async (model, options, context) => {
  const { training } = context;
  if (training === undefined) return notApplicable(say("training.needsData"));
  const report = (fraction: number) => context.onProgress(calibrationShare * fraction);
  const plan = await planQat(model, options, training, context, report);
  if ("changed" in plan) return plan;
  const fake = fakeQuantized(plan);
  if (fake === undefined || fake.scales.every(({ kind }) => kind !== "weight"))
    return notApplicable(say("quantize-static.noWeight"), plan.skipped);
  return await trainInIntegers(model, options, { plan, fake, training }, context);
};

interface Prepared {
  readonly plan: QatPlan;
  readonly fake: FakeQuantized;
  readonly training: TrainingTools;
}

async function trainInIntegers(
  model: Model,
  options: TrainQatOptions,
  { plan, fake, training }: Prepared,
  context: PassContext,
): Promise<PassResult> {
  const { load } = context;
  const float = load && (await floatScore(plan.base, options, training, load));
  const retrained = await retrain(orderOf(options, plan, fake), training, {
    ...context,
    onProgress: (fraction) => context.onProgress(calibrationShare + (1 - calibrationShare) * fraction),
  });
  const isStart = keepsStart(retrained);
  const values = isStart ? new Map<string, Float32Array>() : retrained.weights;
  const written = writePlan(plan, values, options.format, givenScales(fake, values));
  const changed = written.changes;
  const skipped = [...plan.skipped, ...written.result.skipped];
  if (changed.length === 0) return notApplicable(say("quantize-static.noWeight"), skipped);
  Object.assign(model, written.model);
  if (written.model.functions === undefined) delete model.functions;
  const how = { method: options.calibration, data: plan.data.description };
  const ranges = say("quantize-static.activations", { type: options.activation_type, ...how });
  changed.push({ name: wholeModel, what: ranges });
  const warnings = [
    ...plan.unknown.map((name) => say("training.unknownFreeze", { name })),
    ...trainingWarnings(options, retrained).filter(({ key }) => key !== "training.unknownFreeze"),
  ];
  if (isStart) {
    const score = scoreRemark(float, retrained.before, retrained.after);
    if (score !== undefined) warnings.push(score);
    warnings.unshift(say("train-qat.keptStart"));
  } else changed.unshift(...qatChanges(retrained, fake, float));
  const dropped = written.result.dropped.slice(0, 10);
  if (dropped.length > 0) warnings.push(say("common.defaultsGone", { names: dropped }));
  return { changed: [...changed, ...plan.folded], skipped, warnings };
}

/** Scales cannot vanish or turn round: below this share of what calibration found they stay there. */
const leastFactor = 1 / 64;

function orderOf(
  options: TrainQatOptions,
  plan: QatPlan,
  fake: FakeQuantized,
): Parameters<typeof retrain>[0] {
  const factors = fake.scales.map(({ factor }) => factor);
  const still = new Set(plan.frozen);
  const held = options.learn_scales
    ? fake.scales.filter(({ name, kind }) => kind === "weight" && still.has(name)).map(({ factor }) => factor)
    : factors;
  const weights = new Map(
    plan.base.graph.initializer.flatMap((tensor) =>
      isFloat32(tensor) ? [[tensor.name ?? "", readFloats(tensor)] as const] : [],
    ),
  );
  return {
    model: fake.model,
    options: { ...options, freeze: [...plan.frozen, ...held] },
    masks: options.keep_zeros ? masksOf(weights) : new Map(),
    trainer: () => ({ afterUpdate: (memory: TrainingMemory) => holdFactors(memory, factors) }),
  };
}

function holdFactors(memory: TrainingMemory, factors: readonly string[]): void {
  for (const name of factors) {
    if (!memory.holds(name)) continue;
    const values = memory.view("weights", name);
    for (let at = 0; at < values.length; at++) values[at] = Math.max(leastFactor, values[at]!);
  }
}
