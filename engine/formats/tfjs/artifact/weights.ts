import { EngineError } from "#engine/error.ts";
import { float16Value } from "#engine/onnx/floats.ts";
import { plain, quote } from "#engine/onnx/quote.ts";
import { elementCount } from "#engine/onnx/tensor.ts";
import type { SourceFiles } from "../../source.ts";
import type { WeightSpec } from "./artifact.schema.ts";
import { exceeded, malformed } from "./fault.ts";
import { maxWeightBytes } from "./limits.ts";
import type { Found } from "./model-json.ts";
import { openShards, type Shards } from "./shards.ts";

export interface Weight {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dtype: "float32" | "int32" | "bool";
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** Weights by name; undefined for one of a type without numbers, which may be there as long as nothing reads it. */
export type Weights = ReadonlyMap<string, Weight | undefined>;

/**
 * All weights of the manifest. Quantised ones are float32 (or int32) again, as TensorFlow.js loads them:
 * `scale · q + min`, computed in float64 and rounded once (tfjs-core, `io/io_utils.ts`, `decodeWeights`).
 *
 * @throws EngineError "data-mismatch", "not-a-model", "truncated", "malformed", "limit-exceeded"
 */
export function readWeights(files: SourceFiles, { name: modelName, json }: Found): Weights {
  const weights = new Map<string, Weight | undefined>();
  const manifest = json.weightsManifest ?? [];
  let bytes = 0;
  for (const { weights: specs } of manifest) {
    for (const spec of specs) bytes += 4 * elementCount(spec.shape, placeOf(spec));
  }
  if (bytes > maxWeightBytes) {
    throw exceeded(`Its weights take ${bytes} bytes; ${maxWeightBytes} are possible`, plain(modelName));
  }
  for (const { paths, weights: specs } of manifest) {
    const shards = openShards(files, modelName, paths);
    let offset = 0;
    for (const spec of specs) {
      if (weights.has(spec.name)) throw malformed("Two weights have this name", placeOf(spec));
      const length = storedBytes(spec, shards, offset);
      if (offset + length > shards.length) throw tooShort(spec, shards, offset + length, paths);
      weights.set(spec.name, decode(spec, shards.slice(offset, length)));
      offset += length;
    }
    if (offset < shards.length) {
      throw malformed(
        `Its shards have ${shards.length} bytes, but the weights of the manifest only ${offset}: they belong to another model`,
        plain(paths[0] ?? modelName),
      );
    }
  }
  return weights;
}

function placeOf(spec: WeightSpec): string {
  return `weight ${quote(spec.name)}`;
}

function tooShort(spec: WeightSpec, shards: Shards, needed: number, paths: readonly string[]): EngineError {
  return new EngineError(
    "truncated",
    `The shards ${paths.slice(0, 3).map(quote).join(", ")} end after ${shards.length} bytes, and this weight needs them up to ${needed}`,
    placeOf(spec),
  );
}

const widths = { float32: 4, int32: 4, bool: 1, complex64: 8 } as const;
const quantizedWidths = { uint8: 1, uint16: 2, float16: 2 } as const;

function storedBytes(spec: WeightSpec, shards: Shards, offset: number): number {
  const count = elementCount(spec.shape, placeOf(spec));
  if (spec.quantization) return count * quantizedWidths[spec.quantization.dtype];
  if (spec.dtype !== "string") return count * widths[spec.dtype];
  // Each string has its length before it.
  let end = offset;
  for (let index = 0; index < count && end <= shards.length; index++) {
    const length = shards.slice(end, 4);
    end += 4 + (length.length < 4 ? 4 : new DataView(length.slice().buffer).getUint32(0, true));
  }
  return end - offset;
}

function decode(spec: WeightSpec, bytes: Uint8Array): Weight | undefined {
  const { name, shape: dims, dtype } = spec;
  if (dtype === "string" || dtype === "complex64") return undefined;
  if (spec.quantization) {
    const data = dequantize(spec, bytes);
    return { name, dims, dtype: dtype === "int32" ? "int32" : "float32", data };
  }
  if (dtype === "bool") return { name, dims, dtype, data: bytes.map((byte) => (byte === 0 ? 0 : 1)) };
  const [buffer, start] = aligned(bytes, 4);
  const length = bytes.length / 4;
  const data =
    dtype === "int32" ? new Int32Array(buffer, start, length) : new Float32Array(buffer, start, length);
  return { name, dims, dtype, data };
}

function aligned(bytes: Uint8Array, width: number): [ArrayBuffer, number] {
  const { buffer, byteOffset } = bytes;
  if (buffer instanceof ArrayBuffer && byteOffset % width === 0) return [buffer, byteOffset];
  return [new Uint8Array(bytes).buffer, 0];
}

function dequantize(spec: WeightSpec, bytes: Uint8Array): Float32Array | Int32Array {
  const { dtype = "uint8", scale, min } = spec.quantization ?? {};
  if (spec.dtype === "bool") throw malformed("A bool cannot be quantised", placeOf(spec));
  if (dtype === "float16") {
    if (spec.dtype !== "float32") throw malformed("Only float32 can be stored as float16", placeOf(spec));
    const [buffer, start] = aligned(bytes, 2);
    return Float32Array.from(new Uint16Array(buffer, start, bytes.length / 2), float16Value);
  }
  if (scale === undefined || min === undefined || !Number.isFinite(scale) || !Number.isFinite(min)) {
    throw malformed("Its quantisation has no scale or no min", placeOf(spec));
  }
  const [buffer, start] = aligned(bytes, 2);
  const stored = dtype === "uint8" ? bytes : new Uint16Array(buffer, start, bytes.length / 2);
  return spec.dtype === "int32"
    ? Int32Array.from(stored, (value) => Math.round(value * scale + min))
    : Float32Array.from(stored, (value) => value * scale + min);
}
