import { english } from "./english.ts";
import { EngineError, type EngineErrorCode } from "./error.ts";
import type { EngineRemark } from "./say.ts";

/** A failure that can be said in other languages, too. */
export function failure(code: EngineErrorCode, remark: EngineRemark, place?: string): EngineError {
  return new EngineError(code, english(remark), place, { remark });
}
