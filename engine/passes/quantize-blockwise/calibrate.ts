import type { Scope } from "#engine/graph/scope.ts";
import type { Model } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { inFlight } from "../in-flight.ts";
import { type Place, places } from "../observation/place.ts";
import type { PassContext } from "../pass.ts";
import { type Activation, gramMatrices } from "./gram.ts";
import type { Outcomes } from "./outcomes.ts";
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
  outcomes: Outcomes,
  nearest: (weight: Weight, how: EngineRemark) => void,
  advance: Advance,
): Promise<void> {
  const families = new Map<string, Family>();
  const at = places();
  const ids = new Map<Place, number>();
  const idOf = (place: Place) => {
    const id = ids.get(place) ?? ids.size;
    ids.set(place, id);
    return id;
  };
  for (const weight of weights) {
    const inputs = inputsOf(weight.plans, at);
    const { length } = linesOf({ kind: "matmul", weight: weight.constant });
    const reason = blindReason(weight, length, inputs.length);
    if (reason !== undefined) {
      nearest(weight, say("quantize-blockwise.nearestSince", { reason }));
      continue;
    }
    const key = JSON.stringify([length, ...inputs.map(idOf)]);
    const activations = inputs.map((place) => ({ place, length }));
    const family = families.get(key) ?? { activations, length, weights: [] };
    families.set(key, family);
    family.weights.push(weight);
  }
  for (const round of rounds([...families.values()])) {
    const activations = new Map(
      round.flatMap((family) => family.activations.map((entry) => [entry.place, entry])),
    );
    const items = Math.max(1, context.calibration?.items ?? 1);
    let seen = 0;
    const { grams, sight } = await gramMatrices(model, [...activations.values()], context, (count) => {
      const share = Math.max(0, Math.min(1, count / items) - seen);
      seen += share;
      for (const { weights: members } of round)
        for (const weight of members) advance(weight, observing * share);
    });
    await inFlight(round, context.pool.size, async (family) => {
      const fault = sight.fault(family.activations.map(({ place }) => place));
      if (fault !== undefined) {
        const how = say("quantize-blockwise.nearestSince", { reason: fault });
        for (const weight of family.weights) nearest(weight, how);
        return;
      }
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

/** Why the inputs of a weight are not looked at. */
function blindReason({ plans }: Weight, length: number, activations: number): EngineRemark | undefined {
  if (gramBytes(length, activations) > mostBytes)
    return say("quantize-blockwise.inputsTooMany", { count: length });
  const opset = plans[0]?.scope.opsets.get("") ?? 1;
  if (opset < reshapeOpset) return say("quantize-blockwise.opsetTooOld", { opset });
  return undefined;
}

/** Where the inputs of a weight are, each once, by name: main graphs have one of each. */
function inputsOf(plans: readonly Plan[], at: (scope: Scope, name: string) => Place): Place[] {
  const found = new Set(plans.map(({ scope, node }) => at(scope, node.input[0] ?? "")));
  return [...found].sort(({ name: a }, { name: b }) => (a < b ? -1 : a > b ? 1 : 0));
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
  grams: ReadonlyMap<Place, Float64Array>,
): Float64Array<ArrayBuffer> {
  const sum = new Float64Array(length * length);
  for (const { place } of activations) {
    const gram = grams.get(place);
    if (gram === undefined) continue;
    for (let index = 0; index < sum.length; index++) sum[index] = sum[index]! + gram[index]!;
  }
  return sum;
}
