import { indexModel } from "#engine/graph/index.ts";
import type { Model } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import type { PassContext } from "../pass.ts";
import type { Blocks } from "./blocks.ts";
import { type Activation, gramMatrices } from "./gram.ts";
import { inFlight } from "./in-flight.ts";
import { linesOf, type Plan } from "./plan.ts";
import { linesFor, type Weight } from "./store.ts";
import { blockwork } from "./work.ts";

/** Bytes of all XᵀX in memory at once, enough for 8192 inputs; the data is looked at again for further weights. */
const mostBytes = 2 ** 29;
/** Share of a weight's work that lies in looking at its inputs, for progress. */
const observing = 0.3;
/** Since then Reshape takes its shape as an input. */
const reshapeOpset = 5;

const uselessInputs = say("quantize-blockwise.nearestSince", {
  reason: say("quantize-blockwise.inputsUseless"),
});

/** A quantised weight and how it was done, for the report. */
export interface Outcome {
  /** undefined: its values cannot be quantised. */
  readonly blocks: Blocks | undefined;
  readonly how: EngineRemark;
}

/** Counts the elements that are done. */
export type Advance = (weight: Weight, share?: number) => void;

/** Weights that the same activations flow into, and that share XᵀX therefore. */
interface Family {
  readonly activations: readonly Activation[];
  readonly length: number;
  readonly weights: Weight[];
}

/**
 * GPTQ for the weights whose inputs can be looked at; the others are rounded to nearest. As ONNX Runtime's, it looks
 * at what the unchanged model computes. A weight that several nodes read counts the inputs of all of them.
 */
export async function calibrate(
  model: Model,
  weights: readonly Weight[],
  context: PassContext,
  outcomes: Map<Weight, Outcome>,
  nearest: (weight: Weight, how: EngineRemark) => void,
  advance: Advance,
): Promise<void> {
  const families = new Map<string, Family>();
  const opset = indexModel(model).scopes[0]?.opsets.get("") ?? 1;
  for (const weight of weights) {
    const reason = blindReason(weight, opset);
    if (reason !== undefined) {
      nearest(weight, say("quantize-blockwise.nearestSince", { reason }));
      continue;
    }
    const { length } = linesOf({ kind: "matmul", weight: weight.constant });
    const names = activationsOf(weight.plans);
    const key = JSON.stringify([length, ...names]);
    const family = families.get(key);
    if (family !== undefined) family.weights.push(weight);
    else
      families.set(key, { activations: names.map((name) => ({ name, length })), length, weights: [weight] });
  }
  for (const round of rounds([...families.values()])) {
    const activations = new Map(
      round.flatMap((family) => family.activations.map((entry) => [entry.name, entry])),
    );
    const items = Math.max(1, context.calibration?.items ?? 1);
    let seen = 0;
    const grams = await gramMatrices(model, [...activations.values()], context, (count) => {
      const share = Math.max(0, Math.min(1, count / items) - seen);
      seen += share;
      for (const { weights: members } of round)
        for (const weight of members) advance(weight, observing * share);
    });
    await inFlight(round, context.pool.size, async (family) => {
      const inputs = family.weights.map(linesFor);
      const gram = sumOf(family, grams);
      const result = await context.pool.run(blockwork, { weights: inputs, length: family.length, gram }, [
        ...inputs.map(({ data }) => data.buffer),
        gram.buffer,
      ]);
      family.weights.forEach((weight, at) => {
        if (result === "no-factor") nearest(weight, uselessInputs);
        else {
          outcomes.set(weight, { blocks: result[at], how: say("quantize-blockwise.gptq") });
          advance(weight, 1 - observing);
        }
      });
    });
  }
}

/** Why the inputs of a weight cannot be looked at. */
function blindReason({ constant, plans }: Weight, opset: number): EngineRemark | undefined {
  const { length } = linesOf({ kind: "matmul", weight: constant });
  if (plans.some(({ scope }) => scope.kind !== "main")) return say("quantize-blockwise.inputsInside");
  if (gramBytes(length, activationsOf(plans).length) > mostBytes)
    return say("quantize-blockwise.inputsTooMany", { count: length });
  if (opset < reshapeOpset) return say("quantize-blockwise.opsetTooOld", { opset });
  return undefined;
}

function activationsOf(plans: readonly Plan[]): string[] {
  return [...new Set(plans.map(({ node }) => node.input[0] ?? ""))].sort();
}

function gramBytes(length: number, activations: number): number {
  return 8 * length ** 2 * activations;
}

/** Families that are looked at together, within the bound on memory. */
function rounds(families: readonly Family[]): Family[][] {
  const out: Family[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const family of families) {
    const own = gramBytes(family.length, family.activations.length);
    if (bytes + own > mostBytes) {
      out.push([]);
      bytes = 0;
    }
    out.at(-1)?.push(family);
    bytes += own;
  }
  return out;
}

/** XᵀX of a family's activations; a copy, since other families may share an activation. */
function sumOf(
  { activations, length }: Family,
  grams: ReadonlyMap<string, Float64Array>,
): Float64Array<ArrayBuffer> {
  const sum = new Float64Array(length * length);
  for (const { name } of activations) {
    const gram = grams.get(name);
    if (gram === undefined) continue;
    for (let index = 0; index < sum.length; index++) sum[index] = sum[index]! + gram[index]!;
  }
  return sum;
}
