import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { RuleCase } from "./case.ts";
import { reviveCase, type StoredCase } from "./stored.ts";

export interface TorchVector {
  readonly rule: RuleCase;
  /** By input position, computed by PyTorch in float64. */
  readonly gradients: ReadonlyMap<number, Float64Array>;
}

const folder = join(import.meta.dirname, "torch");

/** The stored vectors of a rule; made by `npm run vectors:torch`. */
export function torchVectors(name: string): TorchVector[] {
  const path = join(folder, `${name}.json.gz`);
  if (!existsSync(path))
    throw new Error(`There are no vectors of PyTorch for ${name}: npm run vectors:torch`);
  const stored = JSON.parse(gunzipSync(readFileSync(path)).toString("utf8")) as {
    case: StoredCase;
    gradients: Record<string, number[]>;
  }[];
  return stored.map(({ case: kept, gradients }) => ({
    rule: reviveCase(kept),
    gradients: new Map(
      Object.entries(gradients).map(([position, values]) => [Number(position), Float64Array.from(values)]),
    ),
  }));
}
