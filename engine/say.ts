import type { EngineError } from "./error.ts";
import { type KeyOf, type RemarkIn, sayer } from "./remarks/parameters.ts";
import type { EngineWords } from "./words.ts";

/** The name of a sentence of the engine. */
export type EngineKey = KeyOf<EngineWords>;

/** Something that the engine says about a compression. */
export type EngineRemark = RemarkIn<EngineWords>;

/** A remark of the engine: a sentence of a `*.words.ts` file and the values that stand in it. */
export const say = sayer<EngineWords>();

/** A failure as a part of a sentence: in English where it has no words of its own. */
export function remarkOf(error: EngineError): EngineRemark {
  return error.remark ?? say("common.error", { text: error.message });
}

/** Whether what was found is a remark, which says why there is nothing else. */
export function isRemark(found: unknown): found is EngineRemark {
  return typeof found === "object" && found !== null && "key" in found && "params" in found;
}
