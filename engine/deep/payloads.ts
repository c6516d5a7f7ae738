import { dtypeOfCode, dtypes } from "#engine/onnx/dtypes.ts";
import { Budget, type DecodeLimits } from "#engine/onnx/limits.ts";
import { fieldsOf, isMessageKind, type MessageName, type NamedField } from "#engine/onnx/schema.ts";
import { WireReader, wire } from "#engine/onnx/wire.ts";
import type { ElementBits } from "./format.ts";

/** A run of bytes of an ONNX file that holds the values of a tensor. */
export interface Payload {
  readonly offset: number;
  readonly length: number;
  /** Width of an element; `length` is a whole number of them. */
  readonly bits: ElementBits;
  /** Code of the element type: only like is stored with like. */
  readonly type: number;
}

const fields = new Map([...fieldsOf].map(([name, list]) => [name, new Map(list.map((f) => [f.no, f]))]));

/**
 * The values of every tensor of an ONNX file as they stand in it, in order: raw data, and typed floats that are
 * packed. Integers in typed data are varints, which are left to the rest of the file.
 *
 * @throws EngineError where the file is malformed on the way there; other faults are the decoder's matter
 */
export function findPayloads(bytes: Uint8Array, limits: DecodeLimits): Payload[] {
  const place = () => "the start of the file";
  const reader = new WireReader(bytes, place);
  const finder = new Finder(reader, new Budget(limits, place));
  finder.message("Model", 0);
  return finder.found;
}

class Finder {
  readonly found: Payload[] = [];
  readonly #reader: WireReader;
  readonly #budget: Budget;

  constructor(reader: WireReader, budget: Budget) {
    this.#reader = reader;
    this.#budget = budget;
  }

  /** Walks the message between the reader's position and its end. */
  message(name: MessageName, depth: number): void {
    this.#budget.message(depth);
    if (name === "Tensor") {
      this.#tensor();
      return;
    }
    const reader = this.#reader;
    const known = fields.get(name);
    while (reader.pos < reader.end) {
      const tag = reader.tag();
      const kind = known?.get(tag.field)?.kind;
      if (kind === undefined || !isMessageKind(kind) || tag.type !== wire.bytes) {
        reader.skip(tag.type);
        continue;
      }
      const outer = reader.end;
      const length = reader.length();
      reader.end = reader.pos + length;
      this.message(kind, depth + 1);
      reader.end = outer;
    }
  }

  /** The element type may stand behind the values, so they are judged at the end of the tensor. */
  #tensor(): void {
    const reader = this.#reader;
    const known = fields.get("Tensor");
    const runs: { field: NamedField; offset: number; length: number }[] = [];
    let type = 0;
    while (reader.pos < reader.end) {
      const tag = reader.tag();
      const field = known?.get(tag.field);
      if (field?.name === "dataType" && tag.type === wire.varint) {
        type = reader.int();
      } else if (field !== undefined && holdsValues.has(field.name) && tag.type === wire.bytes) {
        const length = reader.length();
        runs.push({ field, offset: reader.pos, length });
        reader.pos += length;
      } else {
        reader.skip(tag.type);
      }
    }
    for (const { field, offset, length } of runs) {
      const bits = length === 0 ? undefined : widthOf(field, type, length);
      if (bits !== undefined) this.found.push({ offset, length, bits, type });
    }
  }
}

const holdsValues = new Set(["rawData", "floatData", "doubleData"]);

/** Undefined for a run that ends within an element: some part of a malformed tensor, which stays with the rest. */
function widthOf(field: NamedField, type: number, length: number): ElementBits | undefined {
  const bits = field.name === "floatData" ? 32 : field.name === "doubleData" ? 64 : rawWidth(type);
  return length % Math.max(1, bits / 8) === 0 ? bits : undefined;
}

function rawWidth(type: number): ElementBits {
  const dtype = dtypeOfCode(type);
  if (dtype === undefined || dtype === "string") return 8;
  // The real and the imaginary part of a complex number are floats.
  if (dtype === "complex64") return 32;
  if (dtype === "complex128") return 64;
  return dtypes[dtype].bits;
}
