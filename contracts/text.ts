import { z } from "zod";

/** Text of people: no NUL, which PostgreSQL cannot store. */
export function text(maxLength: number) {
  return z.string().max(maxLength).refine(hasNoNul, "must not contain NUL characters");
}

/** The same in one line's worth of attention: without space around it. */
export function trimmed(maxLength: number) {
  return z.string().trim().max(maxLength).refine(hasNoNul, "must not contain NUL characters");
}

export function hasNoNul(value: string): boolean {
  return !value.includes("\0");
}
