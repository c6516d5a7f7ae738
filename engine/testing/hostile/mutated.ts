import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { z } from "zod";
import { cloneStructure } from "#engine/graph/clone.ts";
import { decodeModel } from "#engine/onnx/decode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { bytesOf, realModels } from "#engine/testing/models.ts";
import { architectureSchema } from "#engine/train/catalogue/architecture.schema.ts";
import { buildArchitecture } from "#engine/train/catalogue/index.ts";
import type { Choose } from "./mutations/parts.ts";
import { mutations } from "./mutations.ts";

/** Larger files take longer and show nothing else. */
const largestSeed = 40_000;
export const mutationKinds: readonly string[] = Object.keys(mutations);

/** Small models that others made, of many exporters; none where the shared data is absent. */
export function realSeeds(): Model[] {
  const folders = ["odd", "odd-exporters", "pytorch-converted", "gonnx", "light", "mnist"];
  return realModels(...folders.map((folder) => `data/onnx/${folder}`))
    .map(({ path }) => bytesOf(path))
    .filter((bytes) => bytes.length < largestSeed)
    .map((bytes) => decodeModel(bytes));
}

/** Networks of the catalogue, so small that their gradients are made in milliseconds. */
export function trainableSeeds(): Model[] {
  const input: [number, number, number] = [1, 12, 12];
  const words = { vocabulary: 20, length: 6, outputs: 2, width: 8 };
  const small: z.input<typeof architectureSchema>[] = [
    { kind: "mlp", input: [6], hidden: [5], outputs: 2 },
    { kind: "lenet-5", input: [1, 16, 16], outputs: 2 },
    { kind: "resnet", input, outputs: 2, width: 4, blocks: 1 },
    { kind: "mobilenet", input, outputs: 2, width: 4, blocks: 1 },
    { kind: "text-cnn", ...words, filters: 4, kernels: [2, 3] },
    { kind: "transformer", ...words, heads: 2, layers: 1 },
    { kind: "lstm", ...words, hidden: 4 },
    { kind: "two-tower", users: 5, items: 5, width: 4, hidden: [4] },
  ];
  return small.map((spec) => buildArchitecture(architectureSchema.parse(spec), 1));
}

function chooser(seed: number): Choose {
  const generator = xoroshiro128plus(seed);
  return (limit) => (generator.next() >>> 0) % limit;
}

export interface Mutated {
  readonly model: Model;
  /** What was done to it, in order. */
  readonly done: readonly string[];
}

/**
 * One of the seeds after one to four mutations; which ones depends on the number alone.
 *
 * @param forced the first mutation
 */
export function mutated(seeds: readonly Model[], number: number, forced?: string): Mutated {
  const choose = chooser(number);
  const [first] = seeds;
  if (first === undefined) throw new Error("There is no model to start from");
  const model = cloneStructure(seeds[choose(seeds.length)] ?? first);
  const done = forced === undefined ? [] : [forced];
  for (let count = choose(4 - done.length); count >= 0; count--)
    done.push(mutationKinds[choose(mutationKinds.length)] ?? "");
  for (const kind of done) mutations[kind]?.(model, choose);
  return { model, done };
}
