import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";
import { decodeDeep } from "#engine/deep/decode.ts";
import { encodeDeep } from "#engine/deep/encode.ts";
import { joinChunks } from "#engine/onnx/encode.ts";
import { variants } from "../bench/deep-form-variants.ts";

/**
 * `node bin/launch.mjs bench-deep-form MODEL.onnx…`: bytes of each model and of variants of it as a file, after gzip at
 * level 9 and as the deep form, each of which is decoded and compared with what went in; and how fast that is, as the
 * median of several tries, in processor time of all threads.
 */
const repeats = 5;
const print = (...cells: (string | number)[]) => process.stdout.write(`| ${cells.join(" | ")} |\n`);

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

/** Million bytes of the ONNX file per second of processor time, which other load of the machine distorts less. */
function speed(file: Uint8Array, work: () => void): string {
  const times = Array.from({ length: repeats }, () => {
    const started = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  });
  return (file.length / 1000 / median(times)).toFixed(0);
}

print("model", "variant", "file", "gzip", "deep form", "original ÷ deep form", "encode MB/s", "decode MB/s");
print("---", "---", "---:", "---:", "---:", "---:", "---:", "---:");
for (const path of process.argv.slice(2)) {
  const original = new Uint8Array(readFileSync(path));
  for (const [name, make] of Object.entries(variants)) {
    const file = await make(original);
    if (file === undefined) continue;
    const deep = joinChunks(encodeDeep(file));
    if (Buffer.compare(decodeDeep(deep), file) !== 0) throw new Error(`${path}, ${name}: not the same bytes`);
    print(
      basename(path),
      name,
      file.length,
      gzipSync(file, { level: 9 }).length,
      deep.length,
      (original.length / deep.length).toFixed(2),
      speed(file, () => encodeDeep(file)),
      speed(file, () => decodeDeep(deep)),
    );
  }
}
