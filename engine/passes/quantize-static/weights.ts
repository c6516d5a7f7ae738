import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Tensor } from "#engine/onnx/model.ts";
import { fitWeightScales } from "../quantization/bias.ts";
import { type Quantized, quantizeChannels, quantizeWith } from "../quantization/quantize.ts";
import { fullRange, type IntegerRange, integerRange } from "../quantization/range.ts";
import type { Draft, QuantizedNames } from "./draft.ts";

type IntegerType = "int8" | "uint8";

export interface WeightOptions {
  readonly type: IntegerType;
  /** Axis of the channels; undefined for one scale in all. */
  readonly axis: number | undefined;
  readonly symmetric: boolean;
  readonly reduceRange: boolean;
}

/** A float32 initialiser as integers, before it is written. */
export interface WeightForm {
  readonly name: string;
  readonly tensor: Tensor;
  readonly options: WeightOptions;
  quantized: Quantized;
}

/**
 * How weights proper are quantised; per channel they are int8 and symmetric always. ONNX Runtime has no kernel of int8
 * activations and uint8 weights, and fuses no pairs of those.
 */
export function weightOptions({ options }: Draft, axis: number | undefined): WeightOptions {
  const type = axis === undefined && options.activation_type === "uint8" ? options.weight_type : "int8";
  return { type, axis, symmetric: type === "int8", reduceRange: options.reduce_range };
}

/** How constants are quantised that stand where activations do, such as the bias of an Add. */
export function constantOptions({ options }: Draft): WeightOptions {
  return {
    type: options.activation_type,
    axis: undefined,
    symmetric: options.symmetric_activations,
    reduceRange: options.reduce_range,
  };
}

function layoutOf(tensor: Tensor, axis: number | undefined) {
  const count = tensor.dims.reduce((a, b) => a * b, 1);
  if (axis === undefined) return { channels: 1, inner: count };
  return { channels: tensor.dims[axis] ?? 1, inner: tensor.dims.slice(axis + 1).reduce((a, b) => a * b, 1) };
}

/** @returns undefined where a value is not finite */
function makeForm(tensor: Tensor, options: WeightOptions): WeightForm | undefined {
  const { type, symmetric, reduceRange } = options;
  const quantized = quantizeChannels(readFloats(tensor), layoutOf(tensor, options.axis), type, {
    symmetric,
    reduceRange,
  });
  return quantized && { name: tensor.name ?? "", tensor, options, quantized };
}

/**
 * The integers of an initialiser: with the scales that were given for it, or with those that its values ask for.
 *
 * @param name under which the draft knows it
 * @returns undefined where a value is not finite
 */
export function formOf(
  { given }: Draft,
  name: string,
  tensor: Tensor,
  options: WeightOptions,
): WeightForm | undefined {
  const form = makeForm(tensor, options);
  const wanted = given?.weights.get(name);
  // Another reader may need its channels on another axis.
  if (form === undefined || wanted?.scales.length !== form.quantized.scales.length) return form;
  const { scales, zeroPoints } = wanted;
  const values = quantizeWith(
    readFloats(tensor),
    layoutOf(tensor, options.axis),
    options.type,
    scales,
    zeroPoints,
  );
  const { min, max } = usedIntegers(options);
  form.quantized = {
    values: values.map((value) => Math.max(min, Math.min(max, value))),
    scales,
    zeroPoints: [...zeroPoints],
  };
  return form;
}

/** The integers that stand for values: all of the type, or of 7 bits. */
export function usedIntegers({ type, symmetric, reduceRange }: WeightOptions): IntegerRange {
  return reduceRange ? integerRange(type, { symmetric, reduceRange }) : fullRange(type);
}

/** W − Wq: what rounding took from each element of a weight. */
export function roundingError({ tensor, options, quantized }: WeightForm): Float32Array {
  const { channels, inner } = layoutOf(tensor, options.axis);
  const { values, scales, zeroPoints } = quantized;
  return readFloats(tensor).map((value, at) => {
    const channel = Math.floor(at / inner) % channels;
    return value - ((values[at] ?? 0) - (zeroPoints[channel] ?? 0)) * (scales[channel] ?? 1);
  });
}

/** Raises the scales of a weight where a bias would otherwise not fit into int32. */
export function fitToBias(form: WeightForm, bias: Float32Array, inputScale: number): void {
  const { scales, zeroPoints } = form.quantized;
  if (form.options.type !== "int8" || zeroPoints.some((zeroPoint) => zeroPoint !== 0)) return;
  const raised = fitWeightScales(bias, inputScale, scales);
  if (raised === undefined) return;
  const layout = layoutOf(form.tensor, form.options.axis);
  const values = quantizeWith(readFloats(form.tensor), layout, form.options.type, raised, zeroPoints);
  form.quantized = { values, scales: raised, zeroPoints };
}

/**
 * Writes the integers, their scale and zero point as initialisers, beside the initialiser that they stand for. Another
 * graph that needs the same finds them there.
 */
export function writeForm(draft: Draft, form: WeightForm): QuantizedNames {
  const { name, tensor, options, quantized } = form;
  const { type, axis } = options;
  const written = draft.written.get(tensor) ?? [];
  const same = written.find((stored) => isSame(stored.form, form));
  if (same !== undefined) return same.names;
  const names = {
    value: draft.valueName(`${name}_quantized`),
    scale: draft.valueName(`${name}_scale`),
    zeroPoint: draft.valueName(`${name}_zero_point`),
  };
  const dims = axis === undefined ? [] : [quantized.scales.length];
  const zeroPoints = (type === "int8" ? Int8Array : Uint8Array).from(quantized.zeroPoints);
  draft
    .homeOf(tensor)
    .initializer.push(
      makeTensor(names.scale, "float32", dims, quantized.scales),
      makeTensor(names.zeroPoint, type, dims, zeroPoints),
      makeTensor(names.value, type, [...tensor.dims], quantized.values),
    );
  draft.written.set(tensor, [...written, { form, names }]);
  return names;
}

/** Whether two forms of one initialiser have the same integers. */
function isSame(
  { options: a, quantized: one }: WeightForm,
  { options: b, quantized: other }: WeightForm,
): boolean {
  return (
    a.type === b.type &&
    a.axis === b.axis &&
    one.scales.length === other.scales.length &&
    one.scales.every((scale, at) => scale === other.scales[at]) &&
    one.zeroPoints.every((zeroPoint, at) => zeroPoint === other.zeroPoints[at])
  );
}

/** Writes scale and zero point of an activation as initialisers. */
export function writeParameters(
  draft: Draft,
  name: string,
  { scale, zeroPoint }: { scale: number; zeroPoint: number },
): Omit<QuantizedNames, "value"> {
  const type = draft.options.activation_type;
  const names = {
    scale: draft.valueName(`${name}_scale`),
    zeroPoint: draft.valueName(`${name}_zero_point`),
  };
  draft.graph.initializer.push(
    makeTensor(names.scale, "float32", [], Float32Array.of(scale)),
    makeTensor(names.zeroPoint, type, [], (type === "int8" ? Int8Array : Uint8Array).of(zeroPoint)),
  );
  return names;
}
