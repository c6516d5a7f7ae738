import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import type { CompressionCost } from "./compress-child.ts";
import type { LatencyPair } from "./latency-child.ts";

/** Runs a program of this folder in a process of its own, which may die, and gives what it printed. */
export function childOutput(
  name: string,
  args: readonly string[],
): Promise<{ text: string } | { failed: string }> {
  return new Promise((resolve) => {
    const options = { maxBuffer: 1 << 26, encoding: "utf8" } as const;
    execFile(
      process.execPath,
      [join(import.meta.dirname, name), ...args],
      options,
      (error, stdout, stderr) => {
        if (!error) resolve({ text: stdout });
        else
          resolve({ failed: error.signal ? `ended by ${error.signal}` : lastError(stderr, error.message) });
      },
    );
  });
}

function lastError(stderr: string, fallback: string): string {
  return /^\s*(?:\w*Error[^:]*): (.*)$/m.exec(stderr)?.[1]?.slice(0, 300) ?? fallback.split("\n")[0] ?? "";
}

export type Failed = { readonly failed: string };

/** Seconds of the whole process, start included, beside what it says of itself. */
export async function compressInChild(
  model: string,
  recipe: object,
  out: string,
  data = "",
): Promise<(CompressionCost & { readonly wholeSeconds: number }) | Failed> {
  const started = performance.now();
  const answer = await childOutput("compress-child.ts", [model, JSON.stringify(recipe), out, data]);
  if ("failed" in answer) return answer;
  const wholeSeconds = (performance.now() - started) / 1000;
  return { ...(JSON.parse(answer.text) as CompressionCost), wholeSeconds };
}

/**
 * Median time of the candidate's blocks over the baseline's, with the range of the ratio of neighbouring blocks.
 *
 * @param symbolic size of symbolic dimensions such as the sequence length
 * @param protocol name of the latency protocol: a quick one, unless it says otherwise
 */
export async function latencyRatio(
  candidate: string,
  baseline: string,
  symbolic?: number,
  protocol = "",
): Promise<{ ratio: number; low: number; high: number; baselineMs: number } | Failed> {
  const answer = await childOutput("latency-child.ts", [
    candidate,
    baseline,
    symbolic ? String(symbolic) : "",
    protocol,
  ]);
  if ("failed" in answer) return answer;
  const pair = JSON.parse(answer.text) as LatencyPair;
  const ratios = pair.candidate
    .slice(0, pair.baseline.length)
    .map((value, at) => value / (pair.baseline[at] ?? Number.NaN))
    .sort((a, b) => a - b);
  const at = (share: number) => ratios[Math.round(share * (ratios.length - 1))] ?? Number.NaN;
  const baseline50 = pair.baseline.toSorted((a, b) => a - b)[Math.floor(pair.baseline.length / 2)];
  return { ratio: at(0.5), low: at(0.1), high: at(0.9), baselineMs: baseline50 ?? Number.NaN };
}

/** Seconds that the system's own tools need to copy a file and have it on disk: the limit of what can be reached. */
export function copySeconds(from: string, to: string): number {
  const started = performance.now();
  const copied = spawnSync("cp", [from, to]);
  const synced = spawnSync("sync", [to]);
  if (copied.status !== 0 || synced.status !== 0) throw new Error(`cp ${from} failed: ${copied.stderr}`);
  return (performance.now() - started) / 1000;
}
