import { roundToEven } from "./scale.ts";

const { fround } = Math;
const largest = 2 ** 31 - 1;

export interface QuantizedBias {
  readonly values: Int32Array;
  /** float32: one, or one per channel. */
  readonly scales: Float32Array;
}

/**
 * A bias as int32 with zero point 0, so that it can be added to the integer products: its scale is that of a product,
 * s = input scale · weight scale · factor. After ONNX Runtime's `quantize_bias_static_impl`: scales in float32,
 * q = rint(bias / s) in float64, half to even, clipped to int32.
 *
 * @param weightScales one, or one per element of the bias
 * @param factor by which the operator multiplies the products, such as alpha of Gemm
 * @returns undefined where a scale is 0 or not finite: the bias then has no integer form
 */
export function quantizeBias(
  bias: Float32Array,
  inputScale: number,
  weightScales: Float32Array,
  factor = 1,
): QuantizedBias | undefined {
  const scales = weightScales.map((scale) => fround(fround(inputScale * scale) * fround(factor)));
  if (!scales.every((scale) => Number.isFinite(scale) && scale !== 0)) return undefined;
  const values = Int32Array.from(bias, (value, index) => {
    const scale = scales[scales.length === 1 ? 0 : index] ?? 1;
    return Math.max(-largest - 1, Math.min(largest, roundToEven(value / scale)));
  });
  return { values, scales };
}

/** A little more than what is needed, so that rounding cannot undo it. */
const margin = 1.0001;

/**
 * Raises the scales of a weight where a bias would not fit into int32 with the scale that follows from them; the
 * weight loses some steps, which a bias that large drowns anyway. After ONNX Runtime's
 * `_adjust_weight_scale_for_int32_bias`.
 *
 * @param weightScales one for all of the bias, or one per element; the weight must be symmetric
 * @returns undefined where nothing has to change
 */
export function fitWeightScales(
  bias: Float32Array,
  inputScale: number,
  weightScales: Float32Array,
): Float32Array | undefined {
  const perChannel = weightScales.length > 1;
  const raised = weightScales.map((scale, channel) => {
    const values = perChannel ? bias.subarray(channel, channel + 1) : bias;
    const highest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    // Per channel ONNX Runtime multiplies in float32, per tensor in float64.
    const doubled = perChannel ? fround(fround(margin) * fround(2 * highest)) : margin * (2 * highest);
    const smallest = doubled / (2 * largest);
    const product = inputScale * scale;
    return product > 0 && product < smallest ? scale * (smallest / product) : scale;
  });
  return raised.some((scale, channel) => scale !== weightScales[channel]) ? raised : undefined;
}
