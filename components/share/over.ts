import { bodyOf } from "#components/api/error-body.ts";
import type { ErrorCode } from "#contracts/errors.ts";

const refusals: readonly ErrorCode[] = ["linkInvalid", "notFound", "invalidInput"];

/** True where the API says that this is not shared (any more), as opposed to a failure that may pass. */
export function isOver(error: unknown): boolean {
  return Boolean(error) && refusals.includes(bodyOf(error).code);
}
