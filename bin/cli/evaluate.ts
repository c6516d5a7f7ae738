import type { Measurement } from "#engine/evaluate/measurement.schema.ts";
import { runInChild } from "./child.ts";
import type { Command } from "./command.ts";
import { printJson, section } from "./print.ts";
import { parseCommand, UsageError } from "./usage.ts";

/** What the child that runs the models is told. */
export interface EvaluationRequest {
  readonly model: string;
  readonly against: string | undefined;
  readonly data: string | undefined;
  readonly performance: boolean;
}

/** What it answers. */
export interface Evaluation {
  readonly measurements: readonly Measurement[];
  readonly warnings: readonly string[];
}

export const command: Command = async (args) => {
  const { model, values } = parseCommand("evaluate", args, {
    data: { type: "string" },
    against: { type: "string" },
    energy: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  });
  const { data, against, energy, json } = values;
  if (data === undefined && against === undefined && !energy)
    throw new UsageError("evaluate needs --data, --against or --energy: otherwise there is nothing to run");
  const request: EvaluationRequest = { model, against, data, performance: energy };
  const result = await runInChild<Evaluation>("evaluate-child.ts", request, model);
  if (json) printJson(result);
  else process.stdout.write(render(result.measurements, result.warnings));
};

function render(measurements: readonly Measurement[], warnings: readonly string[]): string {
  const rows = measurements.map(({ name, value, unit, interval, n, split, tier, baselineDelta }) => [
    name,
    `${short(value)} ${unit}`,
    range(interval),
    baselineDelta && `change ${short(baselineDelta.value)} (${range(baselineDelta.interval)})`,
    `n = ${n}`,
    split,
    tier,
  ]);
  return [
    section(
      "measurements",
      rows.map((row) => row.map((cell) => cell ?? "")),
    ),
    section(
      "warnings",
      warnings.map((warning) => [warning]),
    ),
  ].join("");
}

function range(interval: Measurement["interval"]): string {
  return typeof interval === "object" ? `${short(interval.low)} to ${short(interval.high)}` : interval;
}

const short = (value: number) => (Number.isInteger(value) ? String(value) : value.toPrecision(5));
