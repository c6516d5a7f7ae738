import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { stepNames, stepSchema } from "#engine/passes/step.schema.ts";
import { namedRecipes } from "#engine/recipes.ts";
import { compressInChild, copySeconds, type Failed, latencyRatio } from "./children.ts";

export interface BenchRecipe {
  readonly name: string;
  readonly recipe: { readonly name: string; readonly steps: readonly object[] };
}

/** The named recipes, and every technique with its defaults that none of them is. */
export function defaultRecipes(): BenchRecipe[] {
  const named = namedRecipes.map(({ recipe }) => ({ name: recipe.name, recipe }));
  const alone = new Set(
    named.flatMap(({ recipe }) => (recipe.steps.length === 1 ? recipe.steps.map(({ use }) => use) : [])),
  );
  const others = stepNames
    .filter((use) => !alone.has(use) && stepSchema.safeParse({ use }).success)
    .map((use) => ({ name: use, recipe: { name: use, steps: [{ use }] } }));
  return [...named, ...others];
}

/** Each technique so often; the middle one counts. */
const repeats = 3;
/** Tokens of the transformer when it is timed. */
const sequence = 128;

interface Line {
  readonly name: string;
  readonly outcome: string;
  readonly seconds?: number;
  readonly wholeSeconds?: number;
  readonly copySeconds?: number;
  readonly peakMegabytes?: number;
  readonly bytes?: number;
  readonly latency?: Awaited<ReturnType<typeof latencyRatio>>;
}

const middle = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Costs of every recipe on one model. */
export async function benchTechniques(
  model: string,
  folder: string,
  recipes: readonly BenchRecipe[],
  say: (line: string) => void,
) {
  const bytes = statSync(model).size;
  const lines: Line[] = [];
  for (const { name, recipe } of recipes) {
    const line = await benchOne(model, folder, name, recipe);
    lines.push(line);
    say(row(line, bytes).join(" | "));
  }
  const data = { modelBytes: bytes, sequence, repeats, lines };
  return { data, markdown: (machine: string) => markdown(lines, bytes, machine) };
}

async function benchOne(model: string, folder: string, name: string, recipe: object): Promise<Line> {
  const out = join(folder, "out.onnx");
  const copy = join(folder, "copy.onnx");
  const costs = [];
  const copies: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    copies.push(copySeconds(model, copy));
    rmSync(copy);
    const cost = await compressInChild(model, recipe, out);
    if ("failed" in cost) return { name, outcome: cost.failed };
    if (cost.outcome === "not-applicable") return { name, outcome: cost.reason };
    costs.push(cost);
    // A technique that takes a minute is not timed three times: its spread is small against the goal.
    if (cost.seconds > 30) break;
  }
  const written = existsSync(out) ? statSync(out).size : Number.NaN;
  const latency = await latencyRatio(out, model, sequence);
  rmSync(out, { force: true });
  return {
    name,
    outcome: "compressed",
    seconds: middle(costs.map(({ seconds }) => seconds)),
    wholeSeconds: middle(costs.map(({ wholeSeconds }) => wholeSeconds)),
    copySeconds: middle(copies),
    peakMegabytes: Math.max(...costs.map(({ peakMegabytes }) => peakMegabytes)),
    bytes: written,
    latency,
  };
}

function row(line: Line, modelBytes: number): string[] {
  const { name, outcome, seconds, wholeSeconds, copySeconds: copied, peakMegabytes, bytes, latency } = line;
  if (seconds === undefined || copied === undefined) return [name, outcome, "", "", "", "", ""];
  return [
    name,
    `${seconds.toFixed(2)} s`,
    `${(wholeSeconds ?? Number.NaN).toFixed(2)} s`,
    `${(seconds / copied).toFixed(1)} ×`,
    `${(peakMegabytes ?? Number.NaN).toFixed(0)} MB`,
    `${(((bytes ?? Number.NaN) / modelBytes) * 100).toFixed(1)} %`,
    latencyText(latency),
  ];
}

function latencyText(latency: Line["latency"]): string {
  if (latency === undefined) return "";
  if ("failed" in latency) return (latency as Failed).failed;
  return `${latency.ratio.toFixed(2)} (${latency.low.toFixed(2)} to ${latency.high.toFixed(2)})`;
}

function markdown(lines: readonly Line[], bytes: number, machine: string): string {
  const head = [
    "technique",
    "from file to file",
    "whole process",
    "of `cp && sync`",
    "peak memory",
    "size",
    "latency",
  ];
  const rows = lines.map((line) => row(line, bytes));
  const text = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    `# What the techniques cost on a transformer of ${(bytes / 1e6).toFixed(0)} MB`,
    "",
    `Made by \`npm run bench:engine\` (${machine}). The model has the shape of BERT-base and random weights. Each time is the middle of ${repeats} processes (one, where it takes more than 30 s), from the opening of the file until the result is on disk; \`cp\` and \`sync\` of the same file alternate with them. Peak memory is the highest resident set above that of the process before it opened the file. Latency is that of the compressed model over the original's, batch 1, ${sequence} tokens, one thread, taken in alternation: the middle of the blocks' ratios, and their 10th and 90th percentile.`,
    "",
    text(head),
    text(head.map(() => "---")),
    ...rows.map(text),
    "",
  ].join("\n");
}
