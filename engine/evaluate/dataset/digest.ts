import { joinChunks } from "#engine/onnx/encode.ts";
import { canonicalJson } from "../canonical-json.ts";
import type { Column } from "./columns.ts";
import type { Dataset } from "./dataset.ts";
import type { Picture } from "./formats/picture.ts";
import { type SplitName, splitNames } from "./manifest.schema.ts";

/** SHA-256 as lower-case hexadecimal. */
export type Sha256 = (bytes: Uint8Array) => string;

/**
 * A digest per split that has items, over the content of its items in order: equal digests mean that the same
 * items would be measured. Covers every column that the manifest uses, not how they are preprocessed.
 */
export function splitDigests(dataset: Dataset, sha256: Sha256): Partial<Record<SplitName, string>> {
  const digests: Partial<Record<SplitName, string>> = {};
  for (const split of splitNames) {
    const rows = dataset.splits[split];
    if (rows.length === 0) continue;
    const columns = [...dataset.table.columns].map(([name, column]) => [name, sha256(content(column, rows))]);
    digests[split] = sha256(new TextEncoder().encode(canonicalJson({ items: rows.length, columns })));
  }
  return digests;
}

function content(column: Column, rows: Uint32Array): Uint8Array {
  if (column.kind === "text") {
    return new TextEncoder().encode(JSON.stringify(Array.from(rows, (row) => column.values[row])));
  }
  if (column.kind === "number") {
    return new Uint8Array(Float64Array.from(rows, (row) => column.values[row]!).buffer);
  }
  if (column.kind === "pictures") {
    const sizes = Array.from(rows, (row) => sizeOf(column.values[row]!));
    const pixels = Array.from(rows, (row) => column.values[row]!.pixels);
    return joinChunks([new TextEncoder().encode(JSON.stringify(sizes)), ...pixels]);
  }
  const { values, itemShape } = column;
  const itemBytes = itemShape.reduce((product, size) => product * size, values.BYTES_PER_ELEMENT);
  const all = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const picked = new Uint8Array(rows.length * itemBytes);
  for (const [index, row] of rows.entries()) {
    picked.set(all.subarray(row * itemBytes, (row + 1) * itemBytes), index * itemBytes);
  }
  return picked;
}

function sizeOf({ height, width, channels }: Picture): readonly number[] {
  return [height, width, channels];
}
