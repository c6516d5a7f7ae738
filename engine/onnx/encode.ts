import { EngineError } from "#engine/error.ts";
import { type BackwardSink, BackwardWriter, LengthCounter } from "./backward.ts";
import { bytesOf, LazyBytes } from "./lazy.ts";
import type { Model, Tensor, UnknownField } from "./model.ts";
import { type ArrayKind, fieldsOf, type MessageName, type NamedField } from "./schema.ts";
import { wire } from "./wire.ts";

/** Protobuf readers refuse messages of 2 GiB and more. */
const maxBytes = 2 ** 31 - 1;

/**
 * Writes a model as the chunks of an ONNX file, in order. Large tensor bytes appear as chunks of their own without
 * being copied. Fields are written by rising number, unknown ones last: the form in which protobuf's own libraries
 * write, so that a file in that form comes back byte for byte.
 *
 * @throws EngineError where the file would reach 2 GiB or a value does not fit its field
 */
export function encodeModel(model: Model): Uint8Array[] {
  return encodeMessage("Model", model).map(bytesOf);
}

/** As `encodeModel`, but lazy bytes stay lazy: for a writer that takes one chunk after the other. */
export function encodeLazily(model: Model): (Uint8Array | LazyBytes)[] {
  return encodeMessage("Model", model);
}

/** Length of the file that `encodeModel` gives, or would if files had no end; bytes of lazy tensors are not made. */
export function encodedLength(model: Model): number {
  const counter = new LengthCounter();
  writeMessage(counter, "Model", model);
  return counter.length;
}

export function encodeTensor(tensor: Tensor): Uint8Array[] {
  return encodeMessage("Tensor", tensor).map(bytesOf);
}

/** One buffer of all chunks; for large models prefer to write the chunks one by one. */
export function joinChunks(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

function encodeMessage(name: MessageName, message: object): (Uint8Array | LazyBytes)[] {
  const writer = new BackwardWriter();
  writeMessage(writer, name, message);
  if (writer.length > maxBytes) {
    throw new EngineError(
      "limit-exceeded",
      `The model would take ${writer.length} bytes; an ONNX file holds at most ${maxBytes}, larger weights belong into external data`,
    );
  }
  return writer.finish();
}

function writeMessage(writer: BackwardSink, name: MessageName, message: object): void {
  const { unknown } = message as { readonly unknown?: readonly UnknownField[] };
  if (unknown) for (let at = unknown.length - 1; at >= 0; at--) writer.bytes(unknown[at]?.bytes ?? none);
  const fields = fieldsOf.get(name) ?? [];
  for (let at = fields.length - 1; at >= 0; at--) {
    const field = fields[at];
    if (field === undefined) continue;
    const value: unknown = (message as Readonly<Record<string, unknown>>)[field.name];
    if (value !== undefined) writeField(writer, field, value);
  }
}

const none = new Uint8Array();

function writeField(writer: BackwardSink, field: NamedField, value: unknown): void {
  if (field.list === undefined) {
    writeValue(writer, field, value);
    return;
  }
  if (!Array.isArray(value)) throw unfit(field);
  for (let at = value.length - 1; at >= 0; at--) writeValue(writer, field, value[at]);
}

function writeValue(writer: BackwardSink, field: NamedField, value: unknown): void {
  const { kind, no, message } = field;
  if (message !== undefined) {
    if (typeof value !== "object" || value === null) throw unfit(field);
    const before = writer.length;
    writeMessage(writer, message, value);
    writer.prefix(no, writer.length - before);
  } else if (kind === "string" && typeof value === "string") {
    writer.prefix(no, writer.string(value));
  } else if (kind === "bytes" && (value instanceof Uint8Array || value instanceof LazyBytes)) {
    writer.bytes(value);
    writer.prefix(no, value.length);
  } else if (kind === "int" && typeof value === "number" && Number.isSafeInteger(value)) {
    writer.int(value);
    writer.tag(no, wire.varint);
  } else if (kind === "int64" && typeof value === "bigint" && value === BigInt.asIntN(64, value)) {
    writer.int64(value);
    writer.tag(no, wire.varint);
  } else if (kind === "float" && typeof value === "number") {
    writer.float(value);
    writer.tag(no, wire.fixed32);
  } else {
    writeArray(writer, field, value);
  }
}

function writeArray(writer: BackwardSink, field: NamedField, value: unknown): void {
  if (!fitsArray(field.kind, value)) throw unfit(field);
  // As protobuf's libraries do: an empty packed list is not written at all.
  if (value.length === 0) return;
  const before = writer.length;
  if (value instanceof Int32Array) {
    for (let at = value.length - 1; at >= 0; at--) writer.int(value[at] ?? 0);
  } else if (value instanceof BigInt64Array || value instanceof BigUint64Array) {
    for (let at = value.length - 1; at >= 0; at--) writer.int64(value[at] ?? 0n);
  } else {
    writer.bytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  }
  writer.prefix(field.no, writer.length - before);
}

const arrayTypes = {
  floatArray: Float32Array,
  doubleArray: Float64Array,
  int32Array: Int32Array,
  int64Array: BigInt64Array,
  uint64Array: BigUint64Array,
} as const;

function fitsArray(
  kind: NamedField["kind"],
  value: unknown,
): value is Float32Array | Float64Array | Int32Array | BigInt64Array | BigUint64Array {
  return kind in arrayTypes && value instanceof arrayTypes[kind as ArrayKind];
}

function unfit(field: NamedField): EngineError {
  return new EngineError("malformed", `The value of "${field.name}" does not fit its field`, field.name);
}
