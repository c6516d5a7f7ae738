import { EngineError } from "#engine/error.ts";
import { rawBytes } from "./dtypes.ts";
import { LazyBytes } from "./lazy.ts";
import type { Model, Tensor } from "./model.ts";
import { quote } from "./quote.ts";
import { elementCount, isExternal, tensorDType } from "./tensor.ts";
import { modelTensors } from "./walk.ts";

/** Random access to the bytes of a file; `runtime/external-files.ts` opens them. */
export interface ByteSource {
  readonly size: number;
  /** Exactly `length` bytes, read now or when somebody asks for them. */
  bytes(offset: number, length: number): Uint8Array | LazyBytes;
}

/** The folder beside a model, as the model may see it. */
export interface ExternalFiles {
  /** Undefined where there is no such file. `location` has passed `checkLocation`. */
  open(location: string): ByteSource | undefined;
}

export interface ExternalReference {
  readonly location: string;
  readonly offset: number;
  /** Bytes, as shape and type demand. */
  readonly length: number;
}

/**
 * Bytes that external data may add up to: one file may be referred to by many tensors, so the sum is bounded and not
 * the file. What is read at once must fit the memory; the rest stays where it is until somebody asks for it.
 */
export interface ExternalLimits {
  readonly atOnce: number;
  readonly inAll: number;
}
const externalLimits: ExternalLimits = { atOnce: 2 ** 31 - 1, inAll: 2 ** 36 };

/** Refuses every location that could lead out of the model's folder; symbolic links are the opener's matter. */
function checkLocation(location: string, place: string): void {
  const refuse = (why: string) =>
    new EngineError("malformed", `External data location ${quote(location)} ${why}`, place);
  if (location === "") throw refuse("is empty");
  if (location.includes("\0")) throw refuse("contains a zero byte");
  if (location.includes("\\")) throw refuse("contains a backslash: use / between folders");
  if (location.startsWith("/") || /^[a-z]+:/i.test(location)) throw refuse("is absolute");
  if (location.split("/").includes("..")) throw refuse('leaves the folder of the model by ".."');
}

/** Where the bytes of an external tensor are; checks everything that can be checked without the file. */
export function externalReference(tensor: Tensor, place: string): ExternalReference {
  const entries = new Map((tensor.externalData ?? []).map(({ key, value }) => [key ?? "", value ?? ""]));
  const location = entries.get("location");
  if (location === undefined) throw new EngineError("malformed", "External data without a location", place);
  checkLocation(location, place);
  const dtype = tensorDType(tensor);
  if (dtype === "string") throw new EngineError("malformed", "Strings cannot be external data", place);
  const needed = rawBytes(dtype, elementCount(tensor.dims, place));
  const offset = wholeNumber(entries.get("offset") ?? "0", "offset", place);
  const length = wholeNumber(entries.get("length") ?? String(needed), "length", place);
  if (length !== needed) {
    throw new EngineError(
      "malformed",
      `External data of ${length} bytes where the shape needs ${needed}`,
      place,
    );
  }
  return { location, offset, length };
}

function wholeNumber(text: string, what: string, place: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) {
    throw new EngineError("malformed", `External data ${what} ${quote(text)} is not a whole number`, place);
  }
  return value;
}

/**
 * Gives every tensor its external data, where it is large as bytes that are read when somebody asks for them. The model
 * then stands alone: the references are removed.
 *
 * @returns number of tensors and their bytes
 * @throws EngineError for a missing file, a location that leaves the folder, or a range outside of its file
 */
export function loadExternalData(
  model: Model,
  files: ExternalFiles,
  limits: ExternalLimits = externalLimits,
): { tensors: number; bytes: number } {
  const sources = new Map<string, ByteSource>();
  let tensors = 0;
  let bytes = 0;
  let atOnce = 0;
  for (const { tensor, place } of modelTensors(model)) {
    if (!isExternal(tensor)) continue;
    const { location, offset, length } = externalReference(tensor, place);
    const source = sources.get(location) ?? opened(files, location, place);
    sources.set(location, source);
    if (offset + length > source.size) {
      throw new EngineError(
        "truncated",
        `Bytes ${offset} to ${offset + length} lie outside of ${quote(location)}, which has ${source.size}`,
        place,
      );
    }
    tensors++;
    bytes += length;
    if (bytes > limits.inAll) throw tooMuch(limits.inAll, place);
    const data = source.bytes(offset, length);
    if (!(data instanceof LazyBytes)) atOnce += length;
    if (atOnce > limits.atOnce) throw tooMuch(limits.atOnce, place);
    tensor.rawData = data;
    delete tensor.externalData;
    delete tensor.dataLocation;
  }
  return { tensors, bytes };
}

function opened(files: ExternalFiles, location: string, place: string): ByteSource {
  const source = files.open(location);
  if (source !== undefined) return source;
  throw new EngineError(
    "malformed",
    `External data file ${quote(location)} is not there: put it beside the model`,
    place,
  );
}

function tooMuch(bytes: number, place: string): EngineError {
  return new EngineError("limit-exceeded", `External data of more than ${bytes} bytes`, place);
}

/** Names of the files that the model's tensors lie in, sorted; empty where the model stands alone. */
export function externalLocations(model: Model): string[] {
  const locations = new Set<string>();
  for (const { tensor, place } of modelTensors(model)) {
    if (isExternal(tensor)) locations.add(externalReference(tensor, place).location);
  }
  return [...locations].sort();
}
