import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cloneStructure } from "#engine/graph/clone.ts";
import { encodeModel } from "#engine/onnx/encode.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { silent } from "../pass.ts";
import { quantizeBlockwiseSchema } from "../quantize.blockwise.schema.ts";
import { quantizeBlockwise } from "../quantize.blockwise.ts";
import { initializersOf, loadModel, nodesOf } from "../testing/describe.ts";

const folder = sharedData("golden/nbits");
const source = sharedData("data/onnx/mnist/cnn_max_mninst2.onnx");
/** ONNX Runtime's options; it leaves accuracy_level out unless it is told. */
const variants: Record<string, object> = {
  default_b32_sym: { block_size: 32 },
  default_b32_asym: { block_size: 32, symmetric: false },
  default_b128_asym: { block_size: 128, symmetric: false },
  default_b32_sym_acc4: { block_size: 32, accuracy_level: 4 },
  default_8bit_b32_asym: { bits: 8, block_size: 32, symmetric: false },
};

describe.skipIf(folder === undefined || source === undefined)(
  "whole models equal ONNX Runtime 1.27.1's",
  () => {
    it.each(Object.keys(variants))("%s", async (variant) => {
      const model = cloneStructure(loadModel(source ?? ""));
      const options = quantizeBlockwiseSchema.parse({
        use: "quantize.blockwise",
        op_types: ["MatMul"],
        accuracy_level: 0,
        ...variants[variant],
      });
      const result = await quantizeBlockwise(model, options, silent);
      const expected = loadModel(join(folder ?? "", `cnn_max_mninst2.${variant}.onnx`));
      expect(result.changed).toHaveLength(2);
      expect(nodesOf(model.graph)).toEqual(nodesOf(expected.graph));
      expect(initializersOf(model.graph)).toEqual(initializersOf(expected.graph));
      expect(model.opsetImport).toEqual(expected.opsetImport);
      const file = Buffer.concat(encodeModel(model));
      expect(file.equals(readFileSync(join(folder ?? "", `cnn_max_mninst2.${variant}.onnx`)))).toBe(true);
    });

    it("covers every variant of ONNX Runtime's own quantiser that writes MatMulNBits", () => {
      const files = readdirSync(folder ?? "").filter((name) => /\.default_.*\.onnx$/.test(name));
      expect(files).toHaveLength(Object.keys(variants).length);
    });
  },
);
