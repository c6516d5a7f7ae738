import { readFileSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { decode as decodePng } from "fast-png";
import { parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { decode as decodeJpeg } from "jpeg-js";
import { openPromise } from "yauzl";

/** Reads a file with a library alone, as one would without a manifest, and counts its items. */
export async function readPlainly(path: string): Promise<number> {
  if (path.endsWith(".csv")) return count(readFileSync(path));
  if (path.endsWith(".csv.gz")) return count(gunzipSync(readFileSync(path)));
  if (path.endsWith(".jsonl")) {
    const lines = readFileSync(path, "utf8").split("\n");
    return lines.filter((line) => line !== "" && JSON.parse(line) !== null).length;
  }
  if (path.endsWith(".parquet")) {
    const file = new Uint8Array(readFileSync(path)).buffer;
    return (await parquetReadObjects({ file, compressors })).length;
  }
  if (path.endsWith(".zip")) return decodeAll(path);
  return readFileSync(path).length;
}

/** Rows go to a function and are not kept, which is what the library is fastest at. */
function count(bytes: Buffer): number {
  let rows = 0;
  parse(bytes, {
    on_record: () => {
      rows++;
      return null;
    },
  });
  return rows;
}

async function decodeAll(path: string): Promise<number> {
  const zip = await openPromise(path, { lazyEntries: true });
  let pictures = 0;
  for await (const entry of zip.eachEntry()) {
    const bytes = await buffer(await zip.openReadStreamPromise(entry));
    if (entry.fileName.endsWith(".png")) decodePng(bytes);
    else decodeJpeg(bytes, { useTArray: true });
    pictures++;
  }
  return pictures;
}
