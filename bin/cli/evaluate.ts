import { fork } from "node:child_process";
import { join } from "node:path";
import { EngineError, type EngineErrorCode } from "#engine/error.ts";
import type { Measurement } from "#engine/evaluate/measurement.schema.ts";
import type { Command } from "./command.ts";
import { printJson, section } from "./print.ts";
import { Progress } from "./progress.ts";
import { parseCommand, UsageError } from "./usage.ts";

/** What the child that runs the models is told. */
export interface EvaluationRequest {
  readonly model: string;
  readonly against: string | undefined;
  readonly data: string | undefined;
  readonly performance: boolean;
}

/** What it answers. */
export type EvaluationAnswer =
  | { readonly progress: { readonly stage: string; readonly share: number } }
  | { readonly measurements: readonly Measurement[]; readonly warnings: readonly string[] }
  | {
      readonly failed: {
        readonly message: string;
        readonly code?: EngineErrorCode;
        readonly place?: string | undefined;
      };
    };

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
  const progress = new Progress();
  const result = await inChild({ model, against, data, performance: energy }, (stage, share) =>
    progress.show(share, stage),
  ).finally(() => progress.clear());
  if (json) printJson(result);
  else process.stdout.write(render(result.measurements, result.warnings));
};

type Result = Extract<EvaluationAnswer, { measurements: unknown }>;

/** A model that somebody made may end the process that runs it; this one goes on and says so. */
function inChild(
  request: EvaluationRequest,
  onProgress: (stage: string, share: number) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, "evaluate-child.ts"), {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    child.on("message", (answer: EvaluationAnswer) => {
      if ("progress" in answer) onProgress(answer.progress.stage, answer.progress.share);
      else if ("measurements" in answer) resolve(answer);
      else reject(errorOf(answer.failed));
    });
    child.on("error", reject);
    // Too late to matter where it has answered.
    child.on("exit", (status, signal) =>
      reject(
        new EngineError(
          "runtime-refused",
          `The process that ran the model ended ${signal ? `by ${signal}` : `with status ${status}`}: ONNX Runtime cannot execute this model`,
          request.model,
        ),
      ),
    );
    child.send(request);
  });
}

function errorOf({ message, code, place }: Extract<EvaluationAnswer, { failed: unknown }>["failed"]): Error {
  return code === undefined ? new Error(message) : new EngineError(code, message, place);
}

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
