import { createLoader, parseAsBoolean, parseAsInteger, parseAsString } from "nuqs/server";

/**
 * What the address of the editor may ask for: the version to begin with (`from=2`), and where to go with the saved
 * recipe (`launch=true`, with what was chosen there already).
 */
export const loadEditorSearch = createLoader({
  from: parseAsInteger,
  launch: parseAsBoolean.withDefault(false),
  model: parseAsString.withDefault(""),
  dataset: parseAsString.withDefault(""),
  into: parseAsInteger,
});

type Search = Awaited<ReturnType<typeof loadEditorSearch>>;

/** The address of the launch screen to go back to; undefined where nobody came from there. */
export function launchHrefOf(base: string, { launch, model, dataset, into }: Search): string | undefined {
  if (!launch) return undefined;
  const query = new URLSearchParams({
    ...(model !== "" && { model }),
    ...(dataset !== "" && { dataset }),
    ...(into !== null && { into: String(into) }),
  });
  return query.size === 0 ? `${base}/experiments/new` : `${base}/experiments/new?${query}`;
}
