import { z } from "zod";
import { plain } from "#engine/onnx/quote.ts";
import { faultOf, malformed } from "../artifact/fault.ts";
import type { SignalType } from "../graph/signal.ts";
import { integer, type ShapeJson, shapeJson } from "./graph.schema.ts";

const list = <Item extends z.ZodType>(key: string, item: Item) =>
  z.object({ list: z.object({ [key]: z.array(item).max(1000).nullish() }) });

/** The attributes of a node, each of the kind that its operator gives it (TensorFlow, `attr_value.proto`). */
export class Attributes {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #place: string;

  constructor(values: Readonly<Record<string, unknown>>, place: string) {
    this.#values = values;
    this.#place = place;
  }

  int(name: string, standard: number): number {
    return this.#read(name, z.object({ i: integer.nullish() }))?.i ?? standard;
  }

  float(name: string, standard: number): number {
    // What is not finite comes as text.
    return this.#read(name, z.object({ f: z.number().nullish() }))?.f ?? standard;
  }

  bool(name: string, standard: boolean): boolean {
    return this.#read(name, z.object({ b: z.boolean().nullish() }))?.b ?? standard;
  }

  text(name: string, standard: string): string {
    const value = this.#read(name, z.object({ s: z.string().nullish() }))?.s;
    return value == null ? standard : this.#decoded(value);
  }

  ints(name: string): number[] {
    return this.#read(name, list("i", integer))?.list.i ?? [];
  }

  texts(name: string): string[] {
    return (this.#read(name, list("s", z.string()))?.list.s ?? []).map((value) => this.#decoded(value));
  }

  shape(name: string): ShapeJson | undefined {
    return this.#read(name, z.object({ shape: shapeJson.nullish() }))?.shape ?? undefined;
  }

  /** An element type, or undefined for one that TensorFlow.js has no numbers of. */
  type(name: string): SignalType | undefined {
    return typeOf(this.#read(name, z.object({ type: z.unknown() }))?.type);
  }

  #read<Schema extends z.ZodType>(name: string, schema: Schema): z.output<Schema> | undefined {
    const value = Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
    if (value === undefined || value === null) return undefined;
    const read = schema.safeParse(value);
    if (!read.success) throw faultOf(read.error, `${this.#place}, attribute ${plain(name)}`);
    return read.data;
  }

  #decoded(base64: string): string {
    try {
      return atob(base64);
    } catch {
      throw malformed("A text among its attributes is not base64", this.#place);
    }
  }
}

/** TensorFlow.js holds every float as float32 and every integer as int32 (tfjs-converter, `operation_mapper.ts`). */
const types: ReadonlyMap<unknown, SignalType> = new Map<unknown, SignalType>([
  ...[1, 2, 19, "DT_FLOAT", "DT_DOUBLE", "DT_HALF"].map((code) => [code, "float32"] as const),
  ...[3, 4, 6, 9, "DT_INT32", "DT_UINT8", "DT_INT8", "DT_INT64"].map((code) => [code, "int32"] as const),
  ...[10, "DT_BOOL"].map((code) => [code, "bool"] as const),
]);

export function typeOf(code: unknown): SignalType | undefined {
  return types.get(code);
}
