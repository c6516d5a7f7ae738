import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cloneStructure } from "#engine/graph/clone.ts";
import type { Model } from "#engine/onnx/model.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { silent } from "../pass.ts";
import { quantizeDynamicSchema } from "../quantize.dynamic.schema.ts";
import { quantizeDynamic } from "../quantize.dynamic.ts";
import { initializersOf, loadModel, nodesOf } from "../testing/describe.ts";
import { goldenSources } from "../testing/golden-sources.ts";

const folder = sharedData("golden/dynamic");
/** Everything that ONNX Runtime quantises by default; it takes Gemm for MatMul. */
const all = ["Conv", "MatMul", "Gemm", "Attention", "LSTM", "Gather", "Transpose"];
const variants: Record<string, object> = {
  default: { op_types: all },
  per_channel: { op_types: all, per_channel: true },
  reduce_range: { op_types: all, reduce_range: true },
  quint8: { op_types: all, weight_type: "uint8" },
  pc_rr: { op_types: all, per_channel: true, reduce_range: true },
  matmul_only: { op_types: ["MatMul", "Gemm"] },
};

const files = folder === undefined ? [] : readdirSync(folder).filter((name) => name.endsWith(".onnx"));

describe.skipIf(folder === undefined)("dynamic quantisation equals ONNX Runtime 1.27.1's", () => {
  it.each(files)("%s", async (file) => {
    const [name = "", variant = ""] = file.replace(/\.onnx$/, "").split(".");
    const source = sharedData(goldenSources[name] ?? name);
    const model = cloneStructure(loadModel(source ?? ""));
    const options = quantizeDynamicSchema.parse({ use: "quantize.dynamic", ...variants[variant] });
    const result = await quantizeDynamic(model, options, silent);
    const expected = loadModel(join(folder ?? "", file));
    expect(result.changed.length).toBeGreaterThan(0);
    expect(nodesOf(model.graph)).toEqual(nodesOf(expected.graph));
    expect(initializersOf(model.graph)).toEqual(initializersOf(expected.graph));
    expect(model.graph.input.map((input) => input.name)).toEqual(
      expected.graph.input.map((input) => input.name),
    );
    const opsets = (from: Model) => from.opsetImport.map((entry) => [entry.domain ?? "", entry.version]);
    expect(opsets(model)).toEqual(opsets(expected));
  });

  it("covers every variant of the golden data", () => {
    console.log(`dynamic quantisation: ${files.length} golden variants compared`);
    expect(files.length).toBeGreaterThanOrEqual(28);
  });
});
