import { openZip } from "#engine/runtime/zip.ts";
import { type Dataset, type LoadOptions, openDataset } from "../dataset.ts";
import { parseManifest } from "../manifest.ts";

export const encode = (text: string) => new TextEncoder().encode(text);

/** Loads a dataset of files given by name; the manifest's name is filled in. */
export async function load(
  manifest: object,
  files: Readonly<Record<string, string | Uint8Array>>,
  options?: LoadOptions,
): Promise<Dataset> {
  const open = (name: string) => {
    const content = new Map(Object.entries(files)).get(name);
    if (content === undefined) throw new Error(`no file ${name}`);
    return typeof content === "string" ? encode(content) : content;
  };
  return openDataset(parseManifest(JSON.stringify({ name: "t", ...manifest })), open, openZip, options);
}

/** What an encoder of the dataset writes for an item. */
export function itemOf(dataset: Dataset, row: number, input = 0): number[] {
  const { itemShape, write } = dataset.encoders[input]!;
  const target = new Float64Array(itemShape.reduce((product, dim) => product * dim, 1));
  write(row, target);
  return [...target];
}
