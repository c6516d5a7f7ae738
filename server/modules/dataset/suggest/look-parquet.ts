import { parquetMetadata, parquetSchema } from "hyparquet/src/metadata.js";
import type { LookedAtColumn, LookedAtFile } from "#contracts/dataset.ts";
import { artifactStore } from "#server/storage/current.ts";

/** A footer describes columns and their chunks; larger ones are left to whoever reads the file. */
const maxFooterBytes = 1 << 20;
const tailBytes = 64 * 1024;
const maxColumns = 4_096;

/** The columns of a Parquet file, which its end describes; without them where that is broken or large. */
export async function lookAtParquet(
  name: string,
  file: { readonly sha256: string; readonly bytes: number },
): Promise<LookedAtFile> {
  try {
    let tail = await endOf(file, tailBytes);
    const footer = new DataView(tail.buffer, tail.byteOffset, tail.length).getUint32(tail.length - 8, true);
    if (footer > maxFooterBytes) return { name, kind: "parquet" };
    if (footer + 8 > tail.length) tail = await endOf(file, footer + 8);
    const metadata = parquetMetadata(new Uint8Array(tail).buffer);
    const columns = parquetSchema(metadata).children.map(({ element, children }): LookedAtColumn => {
      const isText =
        children.length > 0 || element.type === "BYTE_ARRAY" || element.type === "FIXED_LEN_BYTE_ARRAY";
      const isFraction = element.type === "FLOAT" || element.type === "DOUBLE";
      const type = isText ? "text" : isFraction ? "number" : "integer";
      return { name: element.name, type, distinct: 0, examples: [] };
    });
    return { name, kind: "parquet", hasHeader: true, quotes: true, columns: columns.slice(0, maxColumns) };
  } catch {
    return { name, kind: "parquet" };
  }
}

async function endOf(
  { sha256, bytes }: { sha256: string; bytes: number },
  count: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const opened = await artifactStore().open(sha256, { start: Math.max(0, bytes - count), end: bytes - 1 });
  for await (const chunk of opened) chunks.push(chunk);
  return Buffer.concat(chunks);
}
