import { makeInt } from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { ruleOf } from "../rule.ts";

const floats: readonly (number | undefined)[] = [
  dtypes.float32.code,
  dtypes.float64.code,
  dtypes.float16.code,
  dtypes.bfloat16.code,
];

/** Between float types the gradient is cast back; integers and booleans have none. */
export const castRule = ruleOf((site, dy, emit) => {
  const [from, to] = [site.input(0).dtype, site.output().dtype];
  if (from === undefined || !floats.includes(from) || !floats.includes(to)) return [];
  return [from === to ? dy : emit.op("Cast", [dy], dy.dims, [makeInt("to", from)])];
});
