import { z } from "zod";

/** Part of an address: lower-case letters, digits and single hyphens. */
export const slug = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);

/** A slug for a name; `fallback` where the name has no Latin letter or digit. */
export function slugOf(name: string, fallback: string): string {
  const made = name
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 50)
    .replace(/-+$/, "");
  return made === "" ? fallback : made;
}
