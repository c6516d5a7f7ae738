import {
  type Manifest,
  memberOf,
  type Source,
  splitNames,
} from "#engine/evaluate/dataset/manifest.schema.ts";

/** Names of all files that a manifest asks for. */
export function referencedFiles(manifest: Manifest): Set<string> {
  const { splits, inputs } = manifest;
  const sources: (Source | number | undefined)[] = [splits.file, ...splitNames.map((name) => splits[name])];
  const names = new Set<string>();
  for (const source of sources) {
    if (typeof source === "string") names.add(memberOf(source).file);
    else if (typeof source === "object")
      for (const name of Object.values(source)) names.add(memberOf(name).file);
  }
  for (const { vocabulary } of inputs) if (vocabulary !== undefined) names.add(vocabulary);
  return names;
}
