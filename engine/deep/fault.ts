import { EngineError, type EngineErrorCode } from "#engine/error.ts";

/** What is wrong with a deep form, and where in it. */
export function deepFault(code: EngineErrorCode, message: string, place: string): EngineError {
  return new EngineError(code, message, `${place} of the deep form`);
}
