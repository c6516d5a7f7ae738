import type { z } from "zod";
import { makeTensor } from "#engine/onnx/make.ts";
import { quote } from "#engine/onnx/quote.ts";
import { elementCount, shapeText } from "#engine/onnx/tensor.ts";
import { faultOf, malformed } from "../artifact/fault.ts";
import type { Weight } from "../artifact/weights.ts";
import { permute } from "../graph/permute.ts";
import type { Dim, Signal } from "../graph/signal.ts";
import type { GraphWriter } from "../graph/writer.ts";
import type { LayerSpec } from "../keras/network.ts";
import type { LayerWeights } from "./layer-weights.ts";

/** One use of a layer, to be written as nodes. */
export interface LayerCall {
  readonly spec: LayerSpec;
  readonly inputs: readonly Signal[];
  readonly writer: GraphWriter;
  readonly weights: LayerWeights;
  /** Notes an option that TensorFlow.js leaves out or gets wrong when it runs, so that its results are others. */
  readonly differs: (option: string) => void;
  /**
   * Applies another layer, which this one holds.
   *
   * @param scopes under which its weights are found
   */
  readonly inner: (spec: LayerSpec, inputs: readonly Signal[], scopes: readonly string[]) => Signal[];
}

/** Writes the nodes of a layer and gives its outputs. */
export type LayerRule = (call: LayerCall) => Signal[];

/** A form of a layer that is not converted; the others are looked at all the same. */
export class Refused extends Error {}

/** @param form what is missing, to be read behind the name of the layer's class, such as "with dilation" */
export function refuse(call: LayerCall, form: string): never {
  throw new Refused(`${call.spec.className} ${form}`);
}

/** The options of a layer, checked. */
export function options<Schema extends z.ZodType>(call: LayerCall, schema: Schema): z.output<Schema> {
  const read = schema.safeParse(call.spec.config);
  if (!read.success) throw faultOf(read.error, call.spec.place);
  return read.data;
}

/** The only input. */
export function single(call: LayerCall): Signal {
  const [x] = call.inputs;
  if (x === undefined || call.inputs.length !== 1) {
    throw malformed(`It takes one input and has ${call.inputs.length}`, call.spec.place);
  }
  return x;
}

/** The only input, as float32, with a rank in a range. */
export function floats(call: LayerCall, least = 1, most = 8): Signal {
  const x = single(call);
  const rank = x.dims.length;
  if (rank < least || rank > most) {
    const wanted = least === most ? `${least}` : `${least} to ${most}`;
    throw malformed(`Its input has ${rank} dimensions; ${wanted} are possible`, call.spec.place);
  }
  return asFloat(call, x);
}

/** The value as float32. */
export function asFloat({ writer, spec }: LayerCall, x: Signal): Signal {
  if (x.dtype === "float32") return x;
  return { ...x, name: writer.node("Cast", [x.name], spec.name, [castTo("float32")]), dtype: "float32" };
}

const codes = { float32: 1, int32: 6, int64: 7, bool: 9 } as const;

export function castTo(dtype: keyof typeof codes) {
  return { name: "to", i: BigInt(codes[dtype]), type: 2 };
}

/** A size that must be known, because weights or shapes follow from it. */
export function known(call: LayerCall, dim: Dim | undefined, what: string): number {
  if (typeof dim === "number") return dim;
  throw malformed(`The size of its input along the ${what} is not written down`, call.spec.place);
}

/** An axis, counted from the front. */
export function axisOf(call: LayerCall, axis: number, rank: number): number {
  const found = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || found < 0 || found >= rank) {
    throw malformed(`Axis ${axis} is outside of ${rank} dimensions`, call.spec.place);
  }
  return found;
}

/**
 * The initialiser of a weight of this layer.
 *
 * @param dims that it must have
 * @param form the order of its axes and its shape in ONNX, where they differ
 */
export function parameter(
  call: LayerCall,
  variable: string,
  dims: readonly number[],
  form: { readonly order?: readonly number[]; readonly dims?: readonly number[] } = {},
): string {
  return stored(call, call.weights.take(variable, dims), form);
}

/** The initialiser of a weight. */
export function stored(
  { writer }: LayerCall,
  weight: Weight,
  form: { readonly order?: readonly number[]; readonly dims?: readonly number[] } = {},
): string {
  const { order } = form;
  const shape = form.dims ?? order?.map((axis) => weight.dims[axis] ?? 1) ?? weight.dims;
  const key = `weight ${JSON.stringify([weight.name, order ?? [], shape])}`;
  return writer.constant(key, weight.name, (name) => {
    const data = order === undefined ? weight.data : permute(weight.data, weight.dims, order);
    return makeTensor(name, weight.dtype, [...shape], data);
  });
}

/** A constant of float32 that belongs to this layer. */
export function constant(call: LayerCall, what: string, dims: readonly number[], data: Float32Array): string {
  const { writer, spec } = call;
  if (data.length !== elementCount(dims)) {
    throw malformed(`${quote(what)} does not have the shape ${shapeText(dims)}`, spec.place);
  }
  const wanted = `${spec.name}/${what}`;
  return writer.constant(`own ${writer.unique(wanted)}`, wanted, (name) =>
    makeTensor(name, "float32", [...dims], data),
  );
}
