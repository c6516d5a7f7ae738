import { parse } from "yaml";
import { z } from "zod";
import { EngineError } from "#engine/error.ts";
import { inspectModel } from "#engine/inspect.ts";
import { readFile } from "#engine/runtime/files.ts";
import { writeModel } from "#engine/runtime/write-model.ts";
import { type Architecture, architectureSchema } from "#engine/train/catalogue/architecture.schema.ts";
import { buildArchitecture } from "#engine/train/catalogue/index.ts";
import { architectureHelp, architectureOptions, kinds, specOf } from "./architecture.ts";
import type { Command } from "./command.ts";
import { modelFigures } from "./figures.ts";
import { atPath, isDeepName, loadModel } from "./load.ts";
import { byteSize, count, printJson, shapeText, table } from "./print.ts";
import { checkTarget } from "./target.ts";
import { parseCommand, UsageError } from "./usage.ts";

const seedSchema = z.coerce.number().int().min(0).max(0xffff_ffff);

/** A specification is a page of text. */
const maxBytes = 1_000_000;

/** Builds a network of the catalogue with the weights that follow from the seed. */
export const command: Command = async (args) => {
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(help());
    return;
  }
  const { model: named, values } = parseCommand(
    "create",
    args,
    {
      ...architectureOptions(),
      out: { type: "string" },
      seed: { type: "string", default: "0" },
      json: { type: "boolean", default: false },
    },
    `an ARCHITECTURE: ${kinds.join(", ")}, or a file that describes one`,
  );
  const { out, seed: seedText, json, ...options } = values;
  if (typeof out !== "string") throw new UsageError("create needs --out: the file to write");
  if (isDeepName(out)) throw new UsageError("create writes ONNX files: compress makes a deep form of one");
  const seed = seedSchema.safeParse(seedText);
  if (!seed.success) throw new UsageError("--seed takes a whole number from 0 to 4294967295");
  await checkTarget(out);
  const spec = await specification(named, options);
  await writeModel(out, build(spec, seed.data));
  using loaded = await loadModel(out);
  const figures = await modelFigures(loaded, false);
  const { inputs, outputs } = inspectModel(loaded.model, loaded);
  if (json === true) printJson({ architecture: spec, seed: seed.data, model: figures, inputs, outputs });
  else {
    const ports = (name: string, all: typeof inputs) =>
      all.map((port) => [
        name,
        `${port.name} ${port.dtype} ${shapeText((port.shape ?? []).map((dim) => dim ?? "?"))}`,
      ]);
    process.stdout.write(
      `wrote ${out}\n${table([
        ["architecture", spec.kind],
        ["parameters", count(figures.parameters)],
        ["file", byteSize(figures.bytes)],
        ...ports("input", inputs),
        ...ports("output", outputs),
      ])}`,
    );
  }
};

function help(): string {
  return `Usage: parsimony create ARCHITECTURE --out FILE [--seed N] [OPTIONS] [--json]

ARCHITECTURE is one of the following, or a YAML or JSON file with "kind" and these options. Images are given as channels,
height and width. The same seed gives the same weights.

${architectureHelp()
  .map((line) => `  ${line}\n`)
  .join("")}`;
}

/** From a name and options, or from a file alone. */
async function specification(
  nameOrPath: string,
  options: Readonly<Record<string, unknown>>,
): Promise<Architecture> {
  if (kinds.some((kind) => kind === nameOrPath)) return specOf({ kind: nameOrPath }, options);
  if (!/\.(ya?ml|json)$/i.test(nameOrPath))
    throw new UsageError(
      `"${nameOrPath}" is neither one of the architectures ${kinds.join(", ")} nor a file .yaml or .json`,
    );
  const text = new TextDecoder().decode(await readFile(nameOrPath, maxBytes));
  return await atPath(nameOrPath, async () => {
    let content: unknown;
    try {
      content = parse(text);
    } catch (error) {
      throw new EngineError("malformed", error instanceof Error ? error.message : String(error));
    }
    if (typeof content !== "object" || content === null)
      throw new EngineError("malformed", "It describes no architecture");
    return specOf({ ...content }, options);
  });
}

function build(spec: Architecture, seed: number) {
  try {
    return buildArchitecture(architectureSchema.parse(spec), seed);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new EngineError("limit-exceeded", "There is not enough memory for the weights of this network");
  }
}
