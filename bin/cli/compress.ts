import type { CompressResult } from "#engine/compress.ts";
import type { EnglishReport } from "#engine/passes/in-english.ts";
import { wholeModel } from "#engine/passes/pass.ts";
import type { Recipe } from "#engine/recipe.schema.ts";
import { runInChild } from "./child.ts";
import type { Command } from "./command.ts";
import type { ModelFigures } from "./figures.ts";
import { byteSize, count, percent, printJson, section, table } from "./print.ts";
import { loadRecipe } from "./recipe.ts";
import { checkTarget } from "./target.ts";
import type { EpochEntry } from "./training.ts";
import { parseCommand, UsageError } from "./usage.ts";

/** What the child that compresses is told. */
export interface CompressionRequest {
  readonly path: string;
  readonly recipe: Recipe;
  readonly out: string;
  readonly data: string | undefined;
  /** The model that steps learn from, where it is not the model itself. */
  readonly teacher: string | undefined;
  /** Gzip and the deep form too. */
  readonly withSizes: boolean;
}

export interface CompressionStep extends EnglishReport {
  readonly use: string;
  readonly seconds?: number;
  /** Of a step that trained, epoch by epoch. */
  readonly history?: readonly EpochEntry[];
}

/** What it answers, when the result is on disk. */
export interface Compression {
  readonly outcome: CompressResult["outcome"];
  /** Why nothing was done, where nothing was. */
  readonly reason: string;
  readonly original: ModelFigures;
  readonly model: ModelFigures;
  readonly steps: readonly CompressionStep[];
  readonly warnings: readonly string[];
}

export const command: Command = async (args) => {
  const { model: path, values } = parseCommand("compress", args, {
    recipe: { type: "string" },
    data: { type: "string" },
    teacher: { type: "string" },
    out: { type: "string" },
    "no-sizes": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  });
  const { recipe: chosen, out, data, teacher } = values;
  if (chosen === undefined)
    throw new UsageError("compress needs --recipe: the name of a recipe or a recipe file");
  if (out === undefined) throw new UsageError("compress needs --out: the file to write");
  await checkTarget(out);
  const recipe = await loadRecipe(chosen);
  const withSizes = !values["no-sizes"];
  const request: CompressionRequest = { path, recipe, out, data, teacher, withSizes };
  const made = await runInChild<Compression>("compress-child.ts", request, path);
  if (values.json) {
    const { outcome, original, model, steps, warnings } = made;
    printJson({ outcome, original, model, steps, warnings });
  } else process.stdout.write(render(out, made));
};

function row(
  name: string,
  from: number | undefined,
  to: number | undefined,
  show: (value: number) => string,
): string[][] {
  if (from === undefined && to === undefined) return [];
  const cell = (value: number | undefined) => (value === undefined ? "none: 2 GiB or more" : show(value));
  const change =
    from === undefined || to === undefined || from === 0
      ? ""
      : `${(((to - from) / from) * 100).toFixed(1)} %`;
  return [[name, cell(from), cell(to), change]];
}

/** What a training did as a whole, and its last epoch. */
function trainingRows({ use, history = [], changed }: CompressionStep): string[][] {
  const last = history.at(-1);
  if (last === undefined) return [];
  const about = changed.filter(({ name }) => name === wholeModel).map(({ what }) => [use, what]);
  return [...about, [use, `loss ${last.loss.toPrecision(3)} in epoch ${last.epoch}`]];
}

function render(out: string, made: Compression): string {
  const { original: before, model: after } = made;
  const headline =
    made.outcome === "compressed" ? `wrote ${out}` : `${made.reason}; ${out} is the unchanged model`;
  const parts = [
    `${headline}\n`,
    table([
      ["", "original", "written", "change"],
      ...row("file", before.bytes, after.bytes, byteSize),
      ...row("gzip", before.gzipBytes, after.gzipBytes, byteSize),
      ...row("deep form", before.encodedBytes, after.encodedBytes, byteSize),
      ...row("parameters", before.parameters, after.parameters, count),
      ["zeros", percent(before.sparsity), percent(after.sparsity), ""],
    ]),
    section(
      "steps",
      made.steps.map(({ use, seconds, changed, skipped }) => [
        use,
        `${count(changed.length)} changed`,
        `${count(skipped.length)} left alone`,
        seconds === undefined ? "" : `${seconds.toFixed(2)} s`,
      ]),
    ),
    section("training", made.steps.flatMap(trainingRows)),
    section(
      "warnings",
      made.warnings.map((warning) => [warning]),
    ),
  ];
  return parts.filter((part) => part !== "").join("\n");
}
