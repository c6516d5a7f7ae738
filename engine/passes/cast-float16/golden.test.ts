import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { cloneStructure } from "#engine/graph/clone.ts";
import type { Graph, ValueInfo } from "#engine/onnx/model.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { castFloat16Schema } from "../cast.float16.schema.ts";
import { castFloat16 } from "../cast.float16.ts";
import { silent } from "../pass.ts";
import { initializersOf, loadModel, nodesOf } from "../testing/describe.ts";
import { toHalves } from "./convert.ts";

const folder = sharedData("golden/float16");
const sources: Record<string, string> = {
  cnn_max_mninst2: "data/onnx/mnist/cnn_max_mninst2.onnx",
  mnist2x10: "data/onnx/mnist/mnist2x10.onnx",
  torch_lstm: "data/torch/torch_lstm.onnx",
};
const variants: Record<string, object> = {
  io_fp16: { keep_io_types: false },
  io_fp32: { keep_io_types: true },
  io_fp32_blocked: { keep_io_types: true, op_block_list: ["Relu"] },
};
const files = folder === undefined ? [] : readdirSync(folder).filter((name) => name.endsWith(".onnx"));

/** ONNX Runtime's converter appends its casts at the end, out of order; names identify the nodes. */
function nodeSet(graph: Graph) {
  return nodesOf(graph).sort((a, b) => (a.out[0] ?? "").localeCompare(b.out[0] ?? ""));
}

function types(values: ValueInfo[]) {
  return values.map((value) => [value.name, value.type?.tensorType?.elemType]);
}

const valuesSchema = z.object({
  values: z.array(
    z.object({
      name: z.string(),
      f32: z.string(),
      f16: z.string(),
      // Entries with bounds of their own are of no concern: here the bounds are fixed.
      minPositive: z.string().optional(),
    }),
  ),
});

describe.skipIf(folder === undefined)("float16 conversion equals ONNX Runtime 1.27.1's", () => {
  it.each(files)("%s", async (file) => {
    const [name = "", variant = ""] = file.replace(/\.onnx$/, "").split(".");
    const model = cloneStructure(loadModel(sharedData(sources[name] ?? name) ?? ""));
    const expected = loadModel(join(folder ?? "", file));
    const options = castFloat16Schema.parse({ use: "cast.float16", ...variants[variant] });
    expect((await castFloat16(model, options, silent)).changed.length).toBeGreaterThan(0);
    expect(nodeSet(model.graph)).toEqual(nodeSet(expected.graph));
    expect(initializersOf(model.graph)).toEqual(initializersOf(expected.graph));
    expect(types(model.graph.input)).toEqual(types(expected.graph.input));
    expect(types(model.graph.output)).toEqual(types(expected.graph.output));
  });

  it("covers every variant of the golden data", () => {
    console.log(`float16: ${files.length} golden variants compared`);
    expect(files.length).toBeGreaterThanOrEqual(7);
  });

  it("values", () => {
    const path = join(folder ?? "", "float16-values.json");
    const { values } = valuesSchema.parse(JSON.parse(readFileSync(path, "utf8")));
    let checked = 0;
    for (const { name, f32, f16, minPositive } of values) {
      if (minPositive !== undefined) continue;
      const input = new Float32Array(Uint8Array.from(Buffer.from(f32, "base64")).buffer);
      const expected = new Uint16Array(Uint8Array.from(Buffer.from(f16, "base64")).buffer);
      expect([...toHalves(input).bits], name).toEqual([...expected]);
      checked += input.length;
    }
    console.log(`float16: ${checked} golden values compared`);
    expect(checked).toBeGreaterThan(100);
  });
});
