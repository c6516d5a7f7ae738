import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { machineText, thisMachine } from "../machine.ts";
import type { Network } from "./networks.ts";
import type { TrainRequest } from "./request.ts";
import { type DeepResult, deepResultSchema, deepScoreSchema } from "./result.schema.ts";

export interface Reproduction {
  readonly network: Network;
  readonly seed: number;
  /** Recipes as text. */
  readonly baseline: string;
  readonly recipe: string;
  readonly mnist: string;
  readonly trainItems: number;
  readonly testItems: number;
  /** Models and checkpoints; a run that was ended goes on from there. */
  readonly cache: string;
}

/** Trains, compresses and encodes in one process, decodes and scores in another. */
export async function reproduce(of: Reproduction): Promise<DeepResult> {
  const started = performance.now();
  const { network, seed, baseline, recipe, mnist } = of;
  const folder = join(of.cache, `${network.name}-${seed}`);
  mkdirSync(folder, { recursive: true });
  const { architecture } = network;
  const request: TrainRequest = { architecture, seed, baseline, recipe, mnist, items: of.trainItems, folder };
  await child("train-child.ts", [JSON.stringify(request)]);
  const said = await child("score-child.ts", [folder, mnist, String(of.testItems)]);
  return {
    network: network.name,
    seed,
    recipes: digestOf(baseline, recipe),
    machine: machineText(thisMachine()),
    minutes: Math.round((performance.now() - started) / 6_000) / 10,
    score: deepScoreSchema.parse(JSON.parse(said)),
  };
}

export function digestOf(baseline: string, recipe: string): string {
  return createHash("sha256")
    .update(JSON.stringify([baseline, recipe]))
    .digest("hex")
    .slice(0, 16);
}

/** A result that is kept; undefined where there is none, or that of other recipes. */
export function keptResult(path: string, recipes: string): DeepResult | undefined {
  if (!existsSync(path)) return undefined;
  const result = deepResultSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  return result.recipes === recipes ? result : undefined;
}

export function keepResult(path: string, result: DeepResult): void {
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`);
}

function child(name: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const started = spawn(process.execPath, [join(import.meta.dirname, name), ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    started.stdout.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    started.on("error", reject);
    started.on("close", (code, signal) => {
      if (code === 0) resolve(text);
      else reject(new Error(`${name} ended with ${signal ?? code}`));
    });
  });
}
