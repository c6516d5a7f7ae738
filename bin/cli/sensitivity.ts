import type { EnglishReport } from "#engine/passes/in-english.ts";
import type { SensitivityRow, SensitivityScan } from "#engine/passes/sensitivity.ts";
import { runInChild } from "./child.ts";
import type { Command } from "./command.ts";
import { count, printJson, section } from "./print.ts";
import { parseCommand, UsageError } from "./usage.ts";

/** What the child that runs the variants is told. */
export interface SensitivityRequest {
  readonly model: string;
  readonly data: string | undefined;
  readonly sparsities: readonly number[] | undefined;
  readonly protect: readonly string[];
}

/** What it answers. */
export interface Sensitivity extends Omit<SensitivityScan, "skipped">, Pick<EnglishReport, "skipped"> {
  /** What the model was run on. */
  readonly inputs: string;
}

export const command: Command = async (args) => {
  const { model, values } = parseCommand("sensitivity", args, {
    data: { type: "string" },
    sparsities: { type: "string" },
    protect: { type: "string", multiple: true, default: [] },
    json: { type: "boolean", default: false },
  });
  const { data, protect, json } = values;
  const sparsities = values.sparsities === undefined ? undefined : numbers(values.sparsities);
  const request: SensitivityRequest = { model, data, sparsities, protect };
  const scan = await runInChild<Sensitivity>("sensitivity-child.ts", request, model);
  if (json) printJson(scan);
  else process.stdout.write(render(scan));
};

function numbers(text: string): number[] {
  const found = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (found.every((one) => one >= 0 && one <= 1)) return found;
  throw new UsageError(`--sparsities takes numbers between 0 and 1 with commas between them, not "${text}"`);
}

/** A row for each tensor, a column for each sparsity. */
function render({ rows, skipped, inputs }: Sensitivity): string {
  const sparsities = [...new Set(rows.map(({ sparsity }) => sparsity))];
  const tensors = Map.groupBy(rows, ({ tensor }) => tensor);
  const cell = (of: readonly SensitivityRow[], sparsity: number) =>
    of.find((row) => row.sparsity === sparsity)?.relativeError.toPrecision(3) ?? "";
  return [
    `Relative error of the outputs when one tensor alone is pruned by magnitude, on ${inputs}\n\n`,
    section("tensors", [
      ["", "weights", ...sparsities.map((sparsity) => `${(sparsity * 100).toPrecision(3)} %`)],
      ...[...tensors].map(([name, of]) => [
        name,
        count(of[0]?.elements ?? 0),
        ...sparsities.map((sparsity) => cell(of, sparsity)),
      ]),
    ]),
    section(
      "not scanned",
      skipped.map(({ name, reason }) => [name, reason]),
    ),
  ].join("");
}
