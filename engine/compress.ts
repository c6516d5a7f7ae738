import { cloneStructure } from "#engine/graph/clone.ts";
import { encodedLength } from "./onnx/encode.ts";
import type { Model } from "./onnx/model.ts";
import { runStep, techniques } from "./passes/index.ts";
import { withoutFunctions } from "./passes/inline-functions.ts";
import { needOf } from "./passes/needs.ts";
import { orderWarnings } from "./passes/order-check.ts";
import {
  type Change,
  noTools,
  type PassResult,
  type PassTools,
  type Skip,
  wholeModel,
} from "./passes/pass.ts";
import type { Step, StepName } from "./passes/step.schema.ts";
import type { Recipe } from "./recipe.schema.ts";
import { type EngineRemark, say } from "./say.ts";

export interface CompressHooks {
  /**
   * @param fraction of the whole recipe, from 0 to 1
   * @param step technique at work
   */
  onProgress?(fraction: number, step: StepName): void;
  /** A clock in milliseconds. Without one the steps carry no duration: the engine has none of its own. */
  now?(): number;
  /** Without them steps that calibrate are not applicable, and one core does all the work. */
  readonly tools?: Partial<PassTools>;
}

export interface StepReport {
  use: StepName;
  seconds?: number;
  changed: Change[];
  /** What the step left alone, and why. */
  skipped: Skip[];
}

export interface CompressResult {
  /** "not-applicable": no step changed anything; the reasons are in the steps. */
  outcome: "compressed" | "not-applicable";
  /** Shares the bytes of untouched tensors with the original. */
  model: Model;
  steps: StepReport[];
  warnings: EngineRemark[];
}

/**
 * Applies the steps of a recipe in order. The model given is never changed; a step that changes nothing hands on
 * exactly what it was given. Local functions are inlined before the first step, so that every technique finds what is
 * in them; where no step changes anything, the result is the model given, functions and all.
 *
 * @throws EngineError where the model is malformed or holds something that a step cannot read
 */
export async function compressModel(
  model: Model,
  recipe: Recipe,
  hooks: CompressHooks = {},
): Promise<CompressResult> {
  const tools: PassTools = { ...noTools, ...hooks.tools };
  const steps: StepReport[] = [];
  const warnings = new Remarks();
  for (const { step, message } of orderWarnings(recipe.steps)) {
    warnings.add(say("compress.step", { step: step + 1, warning: message }));
  }
  const prepared = recipe.steps.length > 0 ? withoutFunctions(model) : { model, done: [], kept: [] };
  for (const note of prepared.kept) warnings.add(note);
  let current = prepared.model;
  const shares = progressShares(recipe.steps);
  for (const [at, step] of recipe.steps.entries()) {
    const { from = 0, share = 1 } = shares[at] ?? {};
    const report = (fraction: number) => hooks.onProgress?.(from + share * fraction, step.use);
    const started = hooks.now?.();
    report(0);
    const next = cloneStructure(current);
    const training = tools.training && { ...tools.training, ...tools.training.forStep?.(at, step.use) };
    const context = { ...tools, training, onProgress: report, seed: recipe.seed };
    // What inlining adds to the file has to pay as well.
    const before = current === prepared.model ? model : current;
    const result = worthwhile(before, next, step.use, await runStep(next, step, context));
    if (result.changed.length > 0) current = next;
    for (const warning of result.warnings) warnings.add(warning);
    report(1);
    const ended = hooks.now?.();
    const seconds = started === undefined || ended === undefined ? undefined : (ended - started) / 1000;
    steps.push({ use: step.use, seconds, changed: result.changed, skipped: result.skipped });
  }
  const compressed = steps.some((step) => step.changed.length > 0);
  if (!compressed) return { outcome: "not-applicable", model, steps, warnings: warnings.all() };
  for (const note of prepared.done) warnings.add(note);
  return { outcome: "compressed", model: current, steps, warnings: warnings.all() };
}

/** A step that trains is expected to take as long as so many others. */
const trainingWeight = 20;

/** Which part of the whole each step is, for its progress. */
function progressShares(steps: readonly Step[]): { from: number; share: number }[] {
  const weights = steps.map((step) => (needOf(step) === "training data" ? trainingWeight : 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let before = 0;
  return weights.map((weight) => {
    const from = before / total;
    before += weight;
    return { from, share: weight / total };
  });
}

/** Takes the result back where a technique that is there to shrink the file made it larger, as on tiny models. */
function worthwhile(before: Model, after: Model, use: StepName, result: PassResult): PassResult {
  if (result.changed.length === 0 || !techniques[use].shrinks) return result;
  const [old, now] = [encodedLength(before), encodedLength(after)];
  if (now < old) return result;
  const reason = say("compress.wouldGrow", { old, now });
  return { changed: [], skipped: [{ name: wholeModel, reason }, ...result.skipped], warnings: [] };
}

/** Why nothing was done; undefined for a recipe that changed something. */
export function notApplicableReason(result: CompressResult): EngineRemark | undefined {
  if (result.outcome === "compressed") return undefined;
  const reasons = new Remarks();
  for (const { skipped } of result.steps) for (const { reason } of skipped) reasons.add(reason);
  const counted = reasons.counted().sort((a, b) => b.count - a.count);
  if (counted.length === 0) return say("compress.noSteps");
  const listed = counted
    .slice(0, 3)
    .map(({ remark, count }) => (count > 1 ? say("compress.times", { reason: remark, count }) : remark));
  return say("compress.notApplicable", { reasons: listed });
}

/** Remarks in the order in which they were made, each once. */
class Remarks {
  readonly #found = new Map<string, { readonly remark: EngineRemark; count: number }>();

  add(remark: EngineRemark): void {
    const key = JSON.stringify(remark);
    const known = this.#found.get(key);
    if (known === undefined) this.#found.set(key, { remark, count: 1 });
    else known.count++;
  }

  counted() {
    return [...this.#found.values()];
  }

  all(): EngineRemark[] {
    return this.counted().map(({ remark }) => remark);
  }
}
