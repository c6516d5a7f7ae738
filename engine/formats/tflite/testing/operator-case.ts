import { randomStream } from "#engine/evaluate/statistics/random.ts";
import type { DType } from "#engine/onnx/dtypes.ts";
import { elementsOf } from "../writer/constants.ts";
import { buildModel, type OptionsSpec, type TensorSpec } from "./build.ts";

/** Types in which an operator is compared: float32, integers throughout, or int8 weights beside float32. */
export type Form = "float32" | "int8" | "uint8" | "int16" | "hybrid";

/** An input of an operator under test. One without `data` or `role` is given when the model runs. */
export interface CaseInput extends TensorSpec {
  /** Seeded random constants: a kernel with scales along `axis`, a bias, or a number like any other. */
  readonly role?: "weight" | "bias" | "constant";
}

export interface OperatorCase {
  readonly name: string;
  readonly inputs: readonly (CaseInput | undefined)[];
  readonly outputs: readonly TensorSpec[];
  readonly options?: OptionsSpec;
  readonly version?: number;
  /** Scale and zero point of results as integers: those of the first given input, or these for int8. */
  readonly result: "same" | { readonly scale: number; readonly zero?: number };
  readonly seed: number;
}

const limits = { int8: 127, uint8: 127, int16: 32767 } as const;

/** The model of one operator, in a form. */
export function caseModel(given: OperatorCase, form: Form): Uint8Array {
  const random = randomStream(given.seed);
  const zero = form === "int8" ? random.below(21) - 10 : 0;
  const input = inputScale(form, zero);
  const weights: number[][] = [];
  const tensors: TensorSpec[] = [];
  const places = given.inputs.map((spec) => {
    if (spec === undefined) return -1;
    tensors.push(inputOf(spec, form, input, weights, random));
    return tensors.length - 1;
  });
  const first = tensors.length;
  tensors.push(...given.outputs.map((spec) => outputOf(spec, form, given, input)));
  const isGiven = (spec: TensorSpec | undefined) =>
    spec !== undefined && spec.data === undefined && !spec.isVariable;
  return buildModel({
    tensors,
    inputs: places.filter((index) => isGiven(tensors[index])),
    outputs: given.outputs.map((_, item) => first + item),
    operators: [
      {
        name: given.name,
        inputs: places,
        outputs: given.outputs.map((_, item) => first + item),
        options: given.options,
        version: given.version,
      },
    ],
  });
}

interface Scale {
  readonly scale: number;
  readonly zero: number;
}

function inputScale(form: Form, zero: number): Scale | undefined {
  if (form === "float32" || form === "hybrid") return undefined;
  return { scale: Math.fround(8 / limits[form]), zero: form === "uint8" ? 128 : zero };
}

function inputOf(
  spec: CaseInput,
  form: Form,
  input: Scale | undefined,
  weights: number[][],
  random: ReturnType<typeof randomStream>,
): TensorSpec {
  const { role, ...tensor } = spec;
  if (tensor.data !== undefined || (tensor.type ?? "float32") !== "float32") return tensor;
  const count = elementsOf(tensor.shape);
  if (role === undefined)
    return input === undefined || spec.isVariable ? tensor : { ...tensor, ...input, type: integer(form) };
  const values = Array.from({ length: count }, () => Math.fround(2 * random.uniform() - 1));
  if (role === "bias") return biasOf(tensor, values, form, input, weights[0] ?? [1]);
  if (form === "float32" || (form === "hybrid" && role !== "weight")) return { ...tensor, data: values };
  if (role === "weight") return weightOf(tensor, values, form, weights, random);
  const scale = Math.fround(1 / limits[form === "hybrid" ? "int8" : form]);
  const zero = form === "uint8" ? 128 : 0;
  return {
    ...tensor,
    type: integer(form),
    scale,
    zero,
    data: values.map((v) => clamp(Math.round(v / scale) + zero, form)),
  };
}

/** Scales along the axis for int8; uint8, which older models have, knows one scale and a zero point. */
function weightOf(
  tensor: TensorSpec,
  values: readonly number[],
  form: Form,
  weights: number[][],
  random: ReturnType<typeof randomStream>,
): TensorSpec {
  const { axis } = tensor;
  if (form === "uint8" || axis === undefined) {
    const scale = Math.fround(1 / 127);
    const zero = form === "uint8" ? 120 : 0;
    weights.push([scale]);
    const data = values.map((value) =>
      clamp(Math.round(value / scale) + zero, form === "uint8" ? "uint8" : "int8"),
    );
    return { ...tensor, type: form === "uint8" ? "uint8" : "int8", scale, zero, axis: 0, data };
  }
  const scales = Array.from({ length: tensor.shape[axis] ?? 1 }, () =>
    Math.fround((0.5 + random.uniform()) / 127),
  );
  weights.push(scales);
  const run = elementsOf(tensor.shape.slice(axis + 1));
  const data = values.map((value, at) =>
    clamp(Math.round(value / (scales[Math.floor(at / run) % scales.length] ?? 1)), "int8"),
  );
  return { ...tensor, type: "int8", scale: scales, axis, data };
}

function biasOf(
  tensor: TensorSpec,
  values: readonly number[],
  form: Form,
  input: Scale | undefined,
  scales: readonly number[],
): TensorSpec {
  if (input === undefined) return { ...tensor, data: values };
  const scale = scales.map((weight) => Math.fround(weight * input.scale));
  const data = values.map((value, at) => Math.round(value / (scale[scale.length === 1 ? 0 : at] ?? 1)));
  return { ...tensor, type: form === "int16" ? "int64" : "int32", scale, data };
}

function outputOf(
  spec: TensorSpec,
  form: Form,
  { result }: OperatorCase,
  input: Scale | undefined,
): TensorSpec {
  if (input === undefined || (spec.type ?? "float32") !== "float32") return spec;
  if (result === "same") return { ...spec, ...input, type: integer(form) };
  const { scale, zero = 0 } = result;
  if (form === "int16") return { ...spec, type: "int16", scale: scale / 256, zero: 0 };
  return { ...spec, type: integer(form), scale, zero: form === "uint8" ? zero + 128 : zero };
}

function integer(form: Form): DType {
  return form === "float32" || form === "hybrid" ? "float32" : form;
}

function clamp(value: number, form: Form): number {
  if (form === "uint8") return Math.max(0, Math.min(255, value));
  return form === "int16" ? Math.max(-32768, Math.min(32767, value)) : Math.max(-127, Math.min(127, value));
}
