import type { LookedAtFile } from "#contracts/dataset.ts";
import type { SplitName } from "#engine/evaluate/dataset/manifest.schema.ts";
import { splitOf } from "./split-of.ts";

interface Group {
  images?: string;
  labels?: string;
}

/** IDX files: in each split one file of arrays, and one of numbers that label them. */
export function guessArrays(files: readonly LookedAtFile[]) {
  const groups = new Map<SplitName | undefined, Group>();
  let dtype: string | undefined;
  for (const { name, array } of files) {
    if (!array) continue;
    const split = splitOf(name);
    const group = groups.get(split) ?? {};
    const isLabels = array.shape.length === 1;
    // Two of a kind in one split: the names do not tell what belongs together.
    if (group[isLabels ? "labels" : "images"] !== undefined) return undefined;
    groups.set(split, { ...group, [isLabels ? "labels" : "images"]: name });
    if (!isLabels) dtype = array.dtype;
  }
  if (groups.size === 0 || dtype === undefined) return undefined;
  const sources = [...groups].map(([split, { images, labels }]) => {
    if (images === undefined) return undefined;
    return [split, labels === undefined ? { images } : { images, labels }] as const;
  });
  if (sources.includes(undefined)) return undefined;
  const isLabelled = [...groups.values()].every((group) => group.labels !== undefined);
  const whole = groups.has(undefined);
  if (whole && groups.size > 1) return undefined;
  const given = sources.flatMap((entry) => (entry ? [entry] : []));
  return {
    task: "classification" as const,
    splits: whole ? { file: given[0]?.[1], ...cut } : Object.fromEntries(given),
    inputs: [
      { to: 0, from: "images", dtype: "float32" as const, ...(dtype === "uint8" && { scale: 1 / 255 }) },
    ],
    ...(isLabelled && { label: { from: "labels" } }),
  };
}

/** How one file is cut into splits where nothing says otherwise. */
export const cut = { seed: 0, test: 0.2, calibration: 0.1 };
