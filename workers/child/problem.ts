import type { Problem } from "#contracts/problem.ts";
import { EngineError } from "#engine/error.ts";

/** What went wrong, for people: the engine's own words, or a plain sentence where it had none. */
export function problemOf(error: unknown): Problem {
  if (error instanceof EngineError) {
    const { code, place } = error;
    // The message repeats its place at the end; a page shows the place apart.
    const suffix = place === undefined ? "" : ` (at ${place})`;
    const text =
      suffix && error.message.endsWith(suffix) ? error.message.slice(0, -suffix.length) : error.message;
    return {
      code,
      message: shorten(text, 4_000),
      ...(error.remark && { remark: error.remark }),
      ...(place && { place: shorten(hidden(place), 1_000) }),
    };
  }
  if (
    error instanceof RangeError &&
    /Array buffer allocation|Invalid (typed )?array length/i.test(error.message)
  ) {
    return { code: "outOfMemory", message: "There is not enough memory for this file" };
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return {
    code: "internal",
    message: "The process met a fault of its own; the worker's log has the details",
  };
}

/** Paths of this machine are of no use to a reader. */
const hidden = (place: string) => place.replaceAll(/(?:\/[\w.@+-]+){3,}/g, "the file");

const shorten = (text: string, most: number) => (text === "" ? "unknown" : text.slice(0, most));
