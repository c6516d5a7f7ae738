import { randomStream } from "#engine/evaluate/statistics/random.ts";
import { validateModel } from "#engine/graph/validate.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import { liteRt } from "#engine/runtime/conversion/litert.ts";
import { machineFacts } from "#engine/runtime/machine.ts";
import { InferenceSession, Tensor } from "#engine/runtime/onnxruntime.ts";
import { filesOf } from "../../source.ts";
import { convertTensorFlowLite } from "../convert.ts";
import type { LiteTensor } from "../reader/lite-model.ts";
import { readLiteModel } from "../reader/read-model.ts";
import { elementsOf } from "../writer/constants.ts";
import { filled, fillings, typed } from "./values.ts";

/** Results of one output, from LiteRT and from ONNX Runtime on the converted model. */
export interface Compared {
  readonly tensor: LiteTensor;
  readonly expected: number[];
  readonly found: number[];
}

const { cpuFeatures } = machineFacts();

/** Processors of the x86 kind without integer instructions add two products in 16 bits, unless they are asked not to. */
const saturates =
  cpuFeatures.includes("avx2") && !cpuFeatures.some((feature) => /vnni|amx_int8/.test(feature));

/** How a model is compared. */
export interface Comparison {
  readonly count?: number;
  readonly seed?: number;
  /** Values of an input in place of random ones. */
  readonly values?: (tensor: LiteTensor, random: ReturnType<typeof randomStream>) => Uint8Array | undefined;
}

/**
 * Runs a model in both runtimes on the same seeded inputs, extremes among them. Where its batch is open, all inputs run as
 * one batch, too, which has to give the same; throws where it does not.
 */
export async function compareModel(
  bytes: Uint8Array,
  { count = 16, seed = 1, values }: Comparison = {},
): Promise<Compared[][]> {
  const { graph } = readLiteModel(bytes);
  const { model } = convertTensorFlowLite(filesOf({ "model.tflite": bytes }));
  validateModel(model);
  const session = await InferenceSession.create(joinChunks(encodeModel(model)), {
    logSeverityLevel: 3,
    ...(saturates ? { extra: { session: { x64quantprecision: "1" } } } : {}),
  });
  const reference = await liteRt(bytes);
  const random = randomStream(seed);
  const tensors = (indices: readonly number[]) => indices.flatMap((index) => graph.tensors[index] ?? []);
  const compared: Compared[][] = [];
  const given: Uint8Array[][] = [];
  for (const filling of fillings(count)) {
    const inputs = tensors(graph.inputs).map((tensor) => ({
      tensor,
      type: tensor.type,
      shape: tensor.shape,
      bytes: values?.(tensor, random) ?? filled(tensor.type, elementsOf(tensor.shape), filling, random),
    }));
    given.push(inputs.map(({ bytes: data }) => data));
    const expected = await reference.run(inputs);
    const feeds = Object.fromEntries(
      inputs.map(({ tensor, shape, bytes: data }, item) => [
        session.inputNames[item] ?? "",
        ortTensor(tensor, data, shape),
      ]),
    );
    const results = await session.run(feeds);
    compared.push(
      tensors(graph.outputs).map((tensor, item) => {
        const result = results[session.outputNames[item] ?? ""];
        if (result === undefined || result.dims.join() !== tensor.shape.join())
          throw new Error(`Output ${item} has shape ${result?.dims} instead of ${tensor.shape}`);
        return {
          tensor,
          expected: Array.from(typed(tensor.type, expected[item] ?? new Uint8Array()), Number),
          found: Array.from(dataOf(result), Number),
        };
      }),
    );
  }
  if (model.graph.input[0]?.type?.tensorType?.shape?.dim[0]?.dimParam !== undefined)
    await checkBatch(session, tensors(graph.inputs), given, compared);
  reference.close();
  await session.release();
  return compared;
}

/** All items in one batch: each has to get what it got alone. */
async function checkBatch(
  session: InferenceSession,
  inputs: readonly LiteTensor[],
  given: readonly (readonly Uint8Array[])[],
  compared: readonly Compared[][],
): Promise<void> {
  const feeds = Object.fromEntries(
    inputs.map((tensor, item) => {
      const bytes = joinChunks(given.map((run) => run[item] ?? new Uint8Array()));
      const value = ortTensor(tensor, bytes, [given.length, ...tensor.shape.slice(1)]);
      return [session.inputNames[item] ?? "", value];
    }),
  );
  const results = await session.run(feeds);
  for (const [item, name] of session.outputNames.entries()) {
    const alone = compared.flatMap((run) => run[item]?.found ?? []);
    const result = results[name];
    const together = result === undefined ? [] : Array.from(dataOf(result), Number);
    const size = alone.filter(Number.isFinite).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const first = alone.findIndex(
      (value, at) =>
        !Object.is(value, together[at]) && !(Math.abs(value - (together[at] ?? Number.NaN)) <= 1e-6 * size),
    );
    if (together.length !== alone.length || first >= 0)
      throw new Error(`In a batch value ${first} of ${name} is ${together[first]}, alone ${alone[first]}`);
  }
}

function dataOf({ data }: Tensor): ArrayLike<number | bigint | string> {
  return data;
}

function ortTensor(tensor: LiteTensor, bytes: Uint8Array, shape: readonly number[]): Tensor {
  const values = typed(tensor.type, bytes);
  if (tensor.type === "bool") return new Tensor("bool", Uint8Array.from(values, Number), shape);
  if (values instanceof Float32Array) return new Tensor("float32", values, shape);
  if (values instanceof Int8Array) return new Tensor("int8", values, shape);
  if (values instanceof Int16Array) return new Tensor("int16", values, shape);
  if (values instanceof Int32Array) return new Tensor("int32", values, shape);
  if (values instanceof BigInt64Array) return new Tensor("int64", values, shape);
  if (values instanceof Uint8Array) return new Tensor("uint8", values, shape);
  throw new Error(`No input of ${tensor.type}`);
}

/** Largest difference of integers, and how many differ. */
export function steps(compared: readonly Compared[][]): { largest: number; differing: number; all: number } {
  let [largest, differing, all] = [0, 0, 0];
  for (const { expected, found } of compared.flat())
    for (const [at, value] of expected.entries()) {
      const difference = Math.abs(value - (found[at] ?? Number.NaN));
      if (!(difference <= largest)) largest = difference;
      if (difference !== 0) differing++;
      all++;
    }
  return { largest, differing, all };
}

/** Largest difference of floats beside the largest magnitude that the same output has in any run. */
export function relativeError(compared: readonly Compared[][]): number {
  const sizes = compared[0]?.map((_, output) => {
    const magnitudes = compared.flatMap((run) => run[output]?.expected.map(Math.abs) ?? []);
    return magnitudes.filter(Number.isFinite).reduce((most, value) => Math.max(most, value), 1e-30);
  });
  let largest = 0;
  for (const run of compared)
    for (const [output, { expected, found }] of run.entries())
      for (const [at, value] of expected.entries()) {
        const other = found[at] ?? Number.NaN;
        const error = Object.is(value, other) ? 0 : Math.abs(value - other) / (sizes?.[output] ?? 1);
        if (!(error <= largest)) largest = error;
      }
  return largest;
}

/** Of how many runs the largest value of the first output stands at the same place. */
export function argMaxAgreement(compared: readonly Compared[][]): number {
  const place = (values: readonly number[]) =>
    values.reduce((best, value, at) => (value > (values[best] ?? Number.NaN) ? at : best), 0);
  return compared.filter(([first]) => first && place(first.expected) === place(first.found)).length;
}
