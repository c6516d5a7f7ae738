import { createReadStream } from "node:fs";
import { createGzip } from "node:zlib";
import { deepSize } from "#engine/deep/encode.ts";
import { counted } from "#engine/evaluate/measurement/build.ts";
import type { Measurement } from "#engine/evaluate/measurement.schema.ts";
import { readFile } from "#engine/runtime/files.ts";
import { maxModelBytes } from "../model-file.ts";
import { engineVersion } from "../version.ts";
import type { Subject, Subjects } from "./subject.ts";

/** Level of zlib; part of the method, so that values stay comparable. */
const gzipLevel = 6;

async function gzipBytes(path: string): Promise<number> {
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }).pipe(
    createGzip({ level: gzipLevel }),
  )) {
    bytes += chunk.length;
  }
  return bytes;
}

async function sizesOf({ path, inspection }: Subject) {
  const encoded = deepSize(await readFile(path, maxModelBytes));
  return { ...inspection, gzip: await gzipBytes(path), encoded };
}

/** Bytes, parameters and zeros: counted, so exact. */
export async function sizes({ candidate, baseline }: Subjects): Promise<Measurement[]> {
  const after = await sizesOf(candidate);
  const before = baseline && (await sizesOf(baseline));
  const about = (method: string) => ({ method, conditions: { engineVersion } });
  return [
    counted("size/file", after.bytes, about("bytes of the file"), before?.bytes),
    counted("size/gzip", after.gzip, about(`bytes of the file after gzip, level ${gzipLevel}`), before?.gzip),
    counted("size/encoded", after.encoded, about("bytes of the deep form, version 1"), before?.encoded),
    counted(
      "size/parameters",
      after.parameters,
      about("weights stored in the file, each once, without scales and zero points"),
      before?.parameters,
    ),
    counted(
      "size/sparsity",
      after.sparsity,
      about("share of the weights that are exactly zero"),
      before?.sparsity,
    ),
  ];
}
