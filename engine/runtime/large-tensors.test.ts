import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compressModel } from "../compress.ts";
import { decodeModel } from "../onnx/decode.ts";
import { encodeLazily, encodeModel, joinChunks } from "../onnx/encode.ts";
import { LazyBytes } from "../onnx/lazy.ts";
import type { Model } from "../onnx/model.ts";
import { graph, int64s, model, node, value, weight } from "../passes/testing/build.ts";
import { checkRecipe } from "../recipes.ts";
import { writeFileAtomically } from "./files.ts";
import { openModel } from "./model-file.ts";
import { ThreadPool } from "./pool.ts";

/** Two layers and a table, 12 MB: large enough to stay in their file, with small tensors between them. */
function layers(): Model {
  return model(
    graph({
      input: [value("ids", ["n"], "int64")],
      output: [value("y", ["n", 64])],
      node: [
        node("Gather", ["table", "ids"], ["a"]),
        node("MatMul", ["a", "w"], ["b"]),
        node("Add", ["b", "bias"], ["c"]),
        node("Gemm", ["c", "v"], ["d"]),
        node("Reshape", ["d", "shape"], ["y"]),
      ],
      initializer: [
        weight("table", [2_000, 512], 1),
        weight("bias", [2_048], 2),
        weight("w", [512, 2_048], 3, 0.1),
        int64s("shape", [-1, 64]),
        weight("v", [2_048, 512], 4, 1e-3),
      ],
    }),
  );
}

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "large-"));
  path = join(folder, "model.onnx");
  writeFileSync(path, joinChunks(encodeModel(layers())));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a model whose weights stay in their file", () => {
  it("is the model of the whole file, without its large tensors in memory", async () => {
    using opened = openModel(path);
    const lazy = opened.model.graph.initializer.map(({ rawData }) => rawData instanceof LazyBytes);
    expect(lazy).toEqual([true, false, true, false, true]);
    expect(joinChunks(encodeModel(opened.model))).toEqual(new Uint8Array(await readFile(path)));
  });

  it.each([
    ["float16", { use: "cast.float16" }],
    ["bfloat16", { use: "cast.bfloat16" }],
    ["int8", { use: "quantize.dynamic" }],
    ["pruned together", { use: "prune.magnitude", sparsity: 0.7 }],
    ["pruned layer by layer", { use: "prune.magnitude", scope: "layer", sparsity: 0.3 }],
    ["pruned below a threshold", { use: "prune.magnitude", threshold: 0.01 }],
  ])("is %s: the same bytes and reports as from memory, on threads and without", async (name, step) => {
    const recipe = checkRecipe({ name, steps: [step] });
    const whole = await compressModel(decodeModel(new Uint8Array(await readFile(path))), recipe);
    expect(whole.outcome).toBe("compressed");
    await using pool = new ThreadPool(2);
    for (const tools of [{}, { pool }]) {
      using opened = openModel(path);
      const result = await compressModel(opened.model, recipe, { tools });
      expect(result.steps).toEqual(whole.steps);
      expect(result.warnings).toEqual(whole.warnings);
      const out = join(folder, "out.onnx");
      await writeFileAtomically(out, encodeLazily(result.model), tools.pool);
      const written = await readFile(out);
      expect(Buffer.compare(written, Buffer.from(joinChunks(encodeModel(whole.model))))).toBe(0);
    }
  });

  it("says so where the file is cut while it is read", async () => {
    const cut = join(folder, "cut.onnx");
    writeFileSync(cut, await readFile(path));
    using opened = openModel(cut);
    writeFileSync(cut, new Uint8Array(100));
    expect(() => encodeModel(opened.model)).toThrow(/became shorter/);
    await using pool = new ThreadPool(2);
    const written = writeFileAtomically(join(folder, "never.onnx"), encodeLazily(opened.model), pool);
    await expect(written).rejects.toMatchObject({ code: "truncated" });
    await expect(readFile(join(folder, "never.onnx"))).rejects.toThrow(/ENOENT/);
  });
});

describe("a file that is not as every writer writes it", () => {
  const file = () => joinChunks(encodeModel(layers()));

  it.each([
    ["cut in the middle of a weight", (bytes: Uint8Array) => bytes.slice(0, 9_000_000)],
    ["with a length beyond its end", (bytes: Uint8Array) => bytes.with(6, 0xff)],
    ["with a wire type that does not exist", (bytes: Uint8Array) => joined(Uint8Array.of(0x0f), bytes)],
  ])("gives what reading it whole gives: %s", (_, spoil) => {
    const spoilt = spoil(file());
    const odd = join(folder, "odd.onnx");
    writeFileSync(odd, spoilt);
    const outcome = (open: () => Model) => {
      try {
        return joinChunks(encodeModel(open()));
      } catch (error) {
        return String(error);
      }
    };
    const lazily = outcome(() => openModel(odd).model);
    expect(lazily).toEqual(outcome(() => decodeModel(spoilt)));
  });
});

function joined(head: Uint8Array, rest: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([head, rest]));
}
