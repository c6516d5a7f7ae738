import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { compressModel, notApplicableReason } from "#engine/compress.ts";
import { english } from "#engine/english.ts";
import { indexBounds } from "#engine/evaluate/fidelity/index-bounds.ts";
import { seededFeeds } from "#engine/evaluate/fidelity/seeded-inputs.ts";
import type { Conversion } from "#engine/formats/conversion.schema.ts";
import { detectFormat } from "#engine/formats/detect.ts";
import { compareOutputs } from "#engine/formats/parity/compare.ts";
import { inspectModel } from "#engine/inspect.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import { parseRecipe } from "#engine/recipes.ts";
import { convertModel } from "#engine/runtime/conversion/convert.ts";
import { openModel } from "#engine/runtime/model-file.ts";
import { loadSession } from "#engine/runtime/session.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { sourcesFrom } from "../cli/sources.ts";

/** What became of one model of another format. Printed as JSON. */
export interface FormatResult {
  readonly conversion: Conversion;
  readonly bytes: number;
  readonly parameters: number;
  readonly macs: number | null;
  readonly quantization: string;
  readonly int8:
    | { readonly bytes: number; readonly maxRelative: number; readonly sameArgMax: number | undefined }
    | { readonly reason: string };
}

/** Made-up inputs to calibrate on, and others to compare on. */
const [calibrating, comparing] = [64, 128];

const [path = "", out = ""] = process.argv.slice(2);
const files = sourcesFrom(path);
const format = detectFormat(files);
if (format === undefined) throw new Error("It is of no other format");
const conversion = await convertModel(format, files, out);
using opened = openModel(out);
const { model, bytes } = opened;
const { parameters, macs, quantization } = inspectModel(model, { bytes });
const result: FormatResult = { conversion, bytes, parameters, macs, quantization, int8: await int8() };
process.stdout.write(JSON.stringify(result));

async function int8(): Promise<FormatResult["int8"]> {
  const session = await loadSession(out);
  const bounds = indexBounds(model.graph);
  const feeds = (items: number, seed: number) => seededFeeds(session.signature, { items, seed, bounds });
  const calibration = {
    items: calibrating,
    description: `${calibrating} made-up inputs`,
    batches: () => feeds(calibrating, 1),
  };
  const made = await compressModel(model, parseRecipe("name: int8\nsteps:\n  - use: quantize.static\n"), {
    tools: { load: loadExecutable, calibration },
  });
  const why = notApplicableReason(made);
  if (why !== undefined) return { reason: english(why) };
  const smaller = await loadSession(joinChunks(encodeModel(made.model)));
  const pairs = [];
  for (const { feeds: feed } of feeds(comparing, 2))
    pairs.push({ original: await session.run(feed), converted: await smaller.run(feed) });
  const [output] = compareOutputs(pairs, { reference: "", seed: 2 }).outputs;
  const file = join(dirname(out), "int8.onnx");
  const { writeModel } = await import("#engine/runtime/write-model.ts");
  await writeModel(file, made.model);
  return {
    bytes: statSync(file).size,
    maxRelative: output?.maxRelative ?? Number.NaN,
    sameArgMax: output?.sameArgMax,
  };
}
