import { dtypes } from "#engine/onnx/dtypes.ts";
import { info } from "./info.ts";
import type { Rule } from "./view.ts";

const uint8 = dtypes.uint8.code;
const float32 = dtypes.float32.code;

export const quantizeRules: Record<string, Rule> = {
  QuantizeLinear: (view) => {
    const given = view.int("output_dtype");
    return [info(given || (view.has(2) ? view.dtype(2) : uint8), view.shape(0))];
  },
  DequantizeLinear: (view) => [info(view.int("output_dtype") || (view.dtype(1) ?? float32), view.shape(0))],
  FakeQuantize: (view) => [info(float32, view.shape(0))],
  DynamicQuantizeLinear: (view) => [info(uint8, view.shape(0)), info(float32, []), info(uint8, [])],
};
