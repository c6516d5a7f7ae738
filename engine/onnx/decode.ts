import { EngineError } from "#engine/error.ts";
import { checkEnvelope } from "./envelope.ts";
import { Budget, type DecodeLimits, defaultLimits } from "./limits.ts";
import type { Model, Tensor, UnknownField } from "./model.ts";
import { elementWire, joinRuns, packedCount, unpack, unpackedWidth } from "./packed.ts";
import { plainBytes } from "./plain-bytes.ts";
import {
  type ArrayKind,
  type ArrayOf,
  fieldsOf,
  isMessageKind,
  type MessageName,
  type Messages,
  type NamedField,
} from "./schema.ts";
import { WireReader, wire } from "./wire.ts";

/**
 * Reads an ONNX file. Tensor bytes (`rawData`) are views into `bytes`, so the caller must not change them; fields
 * that this version of the format does not know are kept for `encodeModel`.
 *
 * @throws EngineError "not-a-model" with what the file seems to be, "truncated", "malformed" with the field, or
 * "limit-exceeded". Whether the graph makes sense is the matter of `validateModel`.
 */
export function decodeModel(bytes: Uint8Array, limits: Partial<DecodeLimits> = {}): Model {
  const bounds = { ...defaultLimits, ...limits };
  if (bytes.length > bounds.maxBytes) {
    throw new EngineError(
      "limit-exceeded",
      `The file has ${bytes.length} bytes, at most ${bounds.maxBytes} are read; keep large weights as external data`,
    );
  }
  checkEnvelope(bytes);
  return new Decoder(bytes, bounds).whole("Model");
}

/** Reads a file that holds a single tensor (`.pb`), as test data of ONNX models does. */
export function decodeTensor(bytes: Uint8Array, limits: Partial<DecodeLimits> = {}): Tensor {
  return new Decoder(bytes, { ...defaultLimits, ...limits }).whole("Tensor");
}

type Fields = Record<string, unknown>;
const lookup = new Map([...fieldsOf].map(([name, fields]) => [name, new Map(fields.map((f) => [f.no, f]))]));

class Decoder {
  readonly #reader: WireReader;
  readonly #budget: Budget;
  readonly #path: string[] = [];

  constructor(bytes: Uint8Array, limits: DecodeLimits) {
    const where = () => this.#path.join(".") || "the start of the file";
    this.#reader = new WireReader(plainBytes(bytes), where);
    this.#budget = new Budget(limits, where);
  }

  whole<K extends MessageName>(name: K): Messages[K] {
    // The table is checked against the interfaces by the compiler, so what it builds has their form.
    const built: unknown = this.#message(name, 0);
    return built as Messages[K];
  }

  #message(name: MessageName, depth: number): Fields {
    this.#budget.message(depth);
    if (name === "Graph") this.#budget.graph();
    const reader = this.#reader;
    const known = lookup.get(name) ?? new Map<number, NamedField>();
    const message: Fields = {};
    for (const field of known.values()) {
      if (field.list === "always") message[field.name] = [];
    }
    const runs = new Map<NamedField, ArrayOf[ArrayKind][]>();
    while (reader.pos < reader.end) {
      const start = reader.pos;
      const tag = reader.tag();
      const field = known.get(tag.field);
      if (field === undefined) {
        reader.skip(tag.type);
        this.#keepUnknown(message, tag.field, start);
        continue;
      }
      this.#path.push(field.name);
      this.#field(message, field, tag.type, runs, depth);
      this.#path.pop();
    }
    for (const [field, pieces] of runs) message[field.name] = joinRuns(pieces, field.kind as ArrayKind);
    this.#fillRequired(message, known);
    return message;
  }

  #field(
    message: Fields,
    field: NamedField,
    type: number,
    runs: Map<NamedField, ArrayOf[ArrayKind][]>,
    depth: number,
  ): void {
    const { kind, name } = field;
    if (isArrayKind(kind)) {
      const run = this.#run(kind, type);
      const pieces = runs.get(field);
      if (pieces === undefined) runs.set(field, [run]);
      else pieces.push(run);
    } else if (field.list !== undefined) {
      let list = message[name] as unknown[] | undefined;
      if (list === undefined) {
        list = [];
        message[name] = list;
      }
      this.#element(list, field, type, depth);
    } else {
      if (isMessageKind(kind) && message[name] !== undefined) {
        throw this.#reader.fail("A message that may stand once stands twice");
      }
      message[name] = this.#value(kind, type, depth);
    }
  }

  /** One entry of a list, or a packed run of them, which proto3 writers use for numbers. */
  #element(list: unknown[], field: NamedField, type: number, depth: number): void {
    const { kind } = field;
    const reader = this.#reader;
    if (type === wire.bytes && (kind === "int" || kind === "int64" || kind === "float")) {
      const length = reader.length();
      const outer = reader.end;
      reader.end = reader.pos + length;
      while (reader.pos < reader.end) {
        this.#budget.value();
        list.push(this.#value(kind, kind === "float" ? wire.fixed32 : wire.varint, depth));
      }
      reader.end = outer;
      return;
    }
    if (!isMessageKind(kind)) this.#budget.value();
    const last = this.#path.length - 1;
    this.#path[last] = `${field.name}[${list.length}]`;
    list.push(this.#value(kind, type, depth));
  }

  #value(kind: NamedField["kind"], type: number, depth: number): unknown {
    const reader = this.#reader;
    if (isMessageKind(kind)) {
      this.#expect(type, wire.bytes);
      const length = reader.length();
      const outer = reader.end;
      reader.end = reader.pos + length;
      const message = this.#message(kind, depth + 1);
      reader.end = outer;
      return message;
    }
    switch (kind) {
      case "string":
        this.#expect(type, wire.bytes);
        return reader.string();
      case "bytes":
        this.#expect(type, wire.bytes);
        return reader.chunk();
      case "int":
        this.#expect(type, wire.varint);
        return reader.int();
      case "int64":
        this.#expect(type, wire.varint);
        return reader.int64();
      default:
        this.#expect(type, wire.fixed32);
        return reader.float();
    }
  }

  #run(kind: ArrayKind, type: number): ArrayOf[ArrayKind] {
    const reader = this.#reader;
    this.#budget.value();
    let run: Uint8Array;
    if (type === wire.bytes) run = reader.chunk();
    else {
      this.#expect(type, elementWire(kind));
      const start = reader.pos;
      reader.skip(type);
      run = reader.bytes.subarray(start, reader.pos);
    }
    this.#budget.unpacked(packedCount(run, kind) * unpackedWidth(kind));
    return unpack(run, kind, () => this.#path.join("."));
  }

  #expect(type: number, wanted: number): void {
    if (type !== wanted) throw this.#reader.fail(`Wire type ${type} where ${wanted} belongs`);
  }

  #keepUnknown(message: Fields, field: number, start: number): void {
    this.#budget.message(0);
    const kept: UnknownField = { field, bytes: this.#reader.bytes.subarray(start, this.#reader.pos) };
    const list = message.unknown as UnknownField[] | undefined;
    if (list === undefined) message.unknown = [kept];
    else list.push(kept);
  }

  #fillRequired(message: Fields, known: ReadonlyMap<number, NamedField>): void {
    for (const field of known.values()) {
      if (!field.required || message[field.name] !== undefined) continue;
      if (isMessageKind(field.kind)) throw this.#reader.fail(`The ${field.name} is missing`);
      message[field.name] = field.kind === "string" ? "" : 0;
    }
  }
}

function isArrayKind(kind: NamedField["kind"]): kind is ArrayKind {
  return kind.endsWith("Array");
}
