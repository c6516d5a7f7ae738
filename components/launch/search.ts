import { createLoader, parseAsInteger, parseAsString } from "nuqs/server";

/** What the address of the launch screen may ask for: `model=lenet:3`, `dataset=mnist:1`, `into=12`. */
export const loadLaunchSearch = createLoader({
  model: parseAsString.withDefault(""),
  dataset: parseAsString.withDefault(""),
  into: parseAsInteger,
});

/** `slug:number` as an address names a version; undefined for anything else. */
export function parseVersion(text: string): { slug: string; number: number } | undefined {
  const [, slug, number] = /^([a-z0-9-]{1,60}):([1-9]\d{0,5})$/.exec(text) ?? [];
  return slug && number ? { slug, number: Number(number) } : undefined;
}
