import { EngineError } from "#engine/error.ts";
import { inlineFunctions } from "#engine/graph/inline/index.ts";
import type { Model } from "#engine/onnx/model.ts";
import { plain } from "#engine/onnx/quote.ts";
import { type EngineRemark, remarkOf, say } from "#engine/say.ts";
import { versions } from "./upgrade-opset/index.ts";

export interface WithoutFunctions {
  /** The model itself where it has no local functions or none of them can be inlined. */
  readonly model: Model;
  /** What was done, for people: holds where a step then changes the model. */
  readonly done: readonly EngineRemark[];
  /** Which functions stay, and why. */
  readonly kept: readonly EngineRemark[];
}

/** Functions whose reasons are listed one by one. */
const mostListed = 5;

/**
 * The model as techniques want it: no technique looks into local functions, so their bodies take the places of their
 * calls. Functions that stand for too much stay functions, with a note.
 *
 * @throws EngineError "malformed" where a function calls itself
 */
export function withoutFunctions(model: Model): WithoutFunctions {
  if ((model.functions?.length ?? 0) === 0) return { model, done: [], kept: [] };
  try {
    const { model: inlined, inlined: count, kept } = inlineFunctions(model, versions);
    const left: EngineRemark[] = kept
      .slice(0, mostListed)
      .map(({ name, reason }) => say("functions.kept", { name: plain(name), reason }));
    if (kept.length > mostListed) {
      left.push(say("functions.moreKept", { count: kept.length - mostListed }));
    }
    if (count === 0) return { model, done: [], kept: left };
    const done = say("functions.inlined", { count });
    return { model: inlined, done: [done], kept: left };
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== "limit-exceeded") throw error;
    return { model, done: [], kept: [say("functions.allKept", { reason: remarkOf(error) })] };
  }
}
