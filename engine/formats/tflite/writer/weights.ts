import { dtypes } from "#engine/onnx/dtypes.ts";
import { readTensor } from "#engine/onnx/tensor.ts";
import type { LiteTensor } from "../reader/lite-model.ts";
import { constantTensor } from "./constants.ts";
import { integerForm } from "./integers.ts";
import { dequantized, numbers } from "./numbers.ts";
import type { Site } from "./site.ts";

/**
 * The constant that a tensor holds, also where a DEQUANTIZE stands between: models with weights in float16 or in integers
 * alone have one before each operator. Undefined where the tensor is computed.
 */
export function constantOf(site: Site, tensor: LiteTensor): LiteTensor | undefined {
  if (tensor.data !== undefined) return tensor;
  const maker = site.writer.makers.get(tensor.index);
  if (maker?.name !== "DEQUANTIZE") return undefined;
  const source = site.writer.graph.tensors[maker.inputs[0] ?? -1];
  return source?.data === undefined ? undefined : source;
}

/**
 * A kernel with its axes in ONNX's order: float32, or integers with a DequantizeLinear behind them.
 *
 * @param perm axis i of the result is axis `perm[i]` of the tensor
 */
export function kernel(site: Site, tensor: LiteTensor, perm: readonly number[]): string {
  const constant = constantOf(site, tensor);
  if (constant === undefined) return site.refuse("with a computed kernel");
  const stored = site.writer.transposed(constant, perm);
  const form = integerForm(constant);
  if (form === undefined) {
    if (constant.type !== "float32" && constant.type !== "float16")
      site.refuse(`with a kernel of ${constant.type}`);
    return stored;
  }
  return dequantized(site, stored, constant, { ...form, axis: perm.indexOf(form.axis) });
}

/**
 * A bias. Integers of 32 bits have the scale of input times weight, which is what integer kernels take them for, whatever
 * the file says; those of 64 bits (beside 16-bit activations) become float32, since ONNX cannot scale them.
 *
 * @returns undefined where there is none
 */
export function bias(site: Site, at: number, input: LiteTensor, weight: LiteTensor): string | undefined {
  const tensor = site.optional(at);
  if (tensor === undefined) return undefined;
  const x = integerForm(input);
  const w = integerForm(weight);
  if (tensor.type !== "int32" && tensor.type !== "int64") return numbers(site, tensor);
  if (tensor.data === undefined || x === undefined || w === undefined)
    return site.refuse("with an integer bias that is no constant beside integers");
  const scales = Float32Array.from(w.scales, (scale) => scale * (x.scales[0] ?? 1));
  const name = site.writer.name(tensor);
  if (tensor.type === "int64") {
    const values = Array.from<number | bigint>(readTensor(constantTensor(tensor, name)));
    const floats = Float32Array.from(
      values,
      (value, item) => Number(value) * (scales[scales.length === 1 ? 0 : item] ?? 1),
    );
    return site.writer.constant(`${name}/float`, "float32", [...tensor.shape], floats);
  }
  const dims = scales.length === 1 ? [] : [scales.length];
  const scale = site.writer.constant(`${name}/scale`, "float32", dims, scales);
  const inputs = [site.writer.stored(tensor), scale];
  return site.node("DequantizeLinear", inputs, scales.length === 1 ? {} : { axis: 0 });
}

/** Code of an element type in attributes. */
export function typeCode(type: keyof typeof dtypes): number {
  return dtypes[type].code;
}
