import { EngineError } from "#engine/error.ts";
import { isForeign, sniffFormat } from "./sniff.ts";
import { WireReader, wire } from "./wire.ts";

interface TopField {
  readonly field: number;
  readonly type: number;
  /** Offset of the value. */
  readonly at: number;
}

/** Fields of ModelProto that are length-prefixed; 1 and 5 are numbers. */
const prefixed = new Set([2, 3, 4, 6, 7, 8, 14, 20, 25, 26]);
/** Top-level fields looked at: a model has a few dozen (metadata, opsets, functions), never this many. */
const maxTopFields = 100_000;

/**
 * Looks at the outermost fields of a file only, and throws where it cannot be an ONNX model: an error that says
 * what the file seems to be helps more than "wrong wire type" from the depth of the decoder.
 */
export function checkEnvelope(bytes: Uint8Array): void {
  if (bytes.length === 0) throw new EngineError("not-a-model", "The file is empty");
  const foreign = sniffFormat(bytes);
  if (isForeign(foreign)) {
    throw new EngineError("not-a-model", `This is no ONNX model but ${foreign.description}`);
  }
  const fields: TopField[] = [];
  const reader = new WireReader(bytes, () => "the start of the file");
  let broken = false;
  try {
    while (reader.pos < reader.end && fields.length < maxTopFields) {
      const tag = reader.tag();
      fields.push({ field: tag.field, type: tag.type, at: reader.pos });
      reader.skip(tag.type);
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    broken = true;
  }
  const fits = fields.every(fitsModel);
  const hasVersion = fields.some(({ field, type }) => field === 1 && type === wire.varint);
  if (broken && fits && hasVersion) throw truncated(bytes, fields.at(-1));
  if (!broken && fits && fields.some(({ field }) => field === 7)) return;
  throw new EngineError("not-a-model", guess(bytes, fields, broken));
}

function fitsModel({ field, type }: TopField): boolean {
  if (field === 1 || field === 5) return type === wire.varint;
  return !prefixed.has(field) || type === wire.bytes;
}

function truncated(bytes: Uint8Array, last: TopField | undefined): EngineError {
  const part = last?.field === 7 ? "its graph" : "a field";
  return new EngineError(
    "truncated",
    `The file ends early: ${part} is longer than the ${bytes.length} bytes that are there; upload or copy it again`,
  );
}

function guess(bytes: Uint8Array, fields: readonly TopField[], broken: boolean): string {
  const [first, second] = fields;
  if (first?.field === 1 && second?.field === 2) {
    if (!broken && first.type === wire.varint && second.type === wire.varint) {
      return "This is a single ONNX tensor, not a model";
    }
    const content = second.type === wire.bytes ? bytes[second.at] : undefined;
    if (bytes[first.at] === 1 && content !== undefined && fields.every(({ field }) => field <= 2)) {
      return "This is a TensorFlow SavedModel, not an ONNX model: convert it with tf2onnx";
    }
  }
  if (!broken && first?.field === 1 && first.type === wire.bytes) {
    return "This is another protobuf file, perhaps a frozen TensorFlow graph, not an ONNX model";
  }
  if (!broken && fields.every(fitsModel)) return "This is a protobuf file without an ONNX graph";
  return "This is not an ONNX model";
}
