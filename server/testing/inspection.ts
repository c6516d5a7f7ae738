import type { DatasetSummary } from "#engine/evaluate/dataset/summary.schema.ts";
import type { Inspection } from "#engine/inspect.schema.ts";

/** An inspection as the engine writes it, of a model with one weight tensor. */
export function inspectionOf(bytes: number, parameters = 100): Inspection {
  return {
    format: "onnx",
    opset: 17,
    inputs: [{ name: "x", dtype: "float32", shape: ["N", 10] }],
    outputs: [{ name: "y", dtype: "float32", shape: ["N", 10] }],
    operators: { Gemm: 1 },
    parameters,
    bytes,
    macs: 100,
    initializers: [{ name: "w", dtype: "float32", shape: [10, 10], bytes: 400 }],
    sparsity: 0,
    zeros: 0,
    irVersion: 8,
    opsets: { "ai.onnx": 17 },
    producer: { name: "test", version: "1" },
    quantization: "none",
    functions: [],
    macsAssumed: [{ input: "x", axis: 0, dim: "N", size: 1 }],
    macsLeftOut: [],
    macsLeftOutCount: 0,
    externalFiles: [],
    warnings: [],
  };
}

/** A summary as the engine writes it, of a small table with two classes. */
export const summaryOf: DatasetSummary = {
  name: "table",
  task: "classification",
  items: { train: 8, calibration: 0, tuning: 0, test: 2 },
  columns: [{ name: "a", kind: "number", range: { low: 0, high: 1 } }],
  columnsCut: false,
  head: [["0", "1"]],
  images: [],
};
