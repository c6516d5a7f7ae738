import { createLoader, parseAsInteger, parseAsString } from "nuqs/server";

/** What the address of the launch screen may ask for: `model=lenet:3`, `dataset=mnist:1`, `recipe=compact:2`, `into=12`. */
export const loadLaunchSearch = createLoader({
  model: parseAsString.withDefault(""),
  dataset: parseAsString.withDefault(""),
  recipe: parseAsString.withDefault(""),
  into: parseAsInteger,
});

/** `slug:number` as an address names a version; undefined for anything else. */
export function parseVersion(text: string): { slug: string; number: number } | undefined {
  const [, slug, number] = /^([a-z0-9-]{1,60}):([1-9]\d{0,5})$/.exec(text) ?? [];
  return slug && number ? { slug, number: Number(number) } : undefined;
}

interface Version {
  readonly slug: string;
  readonly number: number;
}

/** The recipe editor, which comes back to the launch screen with what was chosen there. */
export function createRecipeHref(
  base: string,
  chosen: { model: Version | null; dataset: Version | null; into: number | undefined },
): string {
  const { model, dataset, into } = chosen;
  const query = new URLSearchParams({
    launch: "true",
    ...(into === undefined
      ? {
          ...(model && { model: `${model.slug}:${model.number}` }),
          ...(dataset && { dataset: `${dataset.slug}:${dataset.number}` }),
        }
      : { into: String(into) }),
  });
  return `${base}/recipes/-/new?${query}`;
}
