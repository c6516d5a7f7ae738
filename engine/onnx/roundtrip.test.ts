import { describe, expect, it } from "vitest";
import { bytesOf, realModels } from "#engine/testing/models.ts";
import { decodeModel, decodeTensor } from "./decode.ts";
import { encodeModel, encodeTensor, joinChunks } from "./encode.ts";
import type { Model, Tensor } from "./model.ts";
import { fieldsOf, isMessageKind, type MessageName } from "./schema.ts";

const models = realModels("data/onnx", "data/torch", "data/huggingface", "golden");

describe.skipIf(models.length === 0)("real models", () => {
  it.each(models)("$name comes back byte for byte, with every field known", ({ path }) => {
    const bytes = bytesOf(path);
    const model = decodeModel(bytes);
    expect(unknownFields(model)).toEqual([]);
    expect(Buffer.compare(joinChunks(encodeModel(model)), bytes)).toBe(0);
  });
});

/** Places of fields that the table does not know: a wrong number in the table would show up here. */
function unknownFields(value: unknown, place = "model"): string[] {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === "unknown" ? [place] : unknownFields(child, `${place}.${key}`),
  );
}

/** A value for every field of every message, each message nested to a small depth. */
function sample(name: MessageName, depth: number): object {
  const message: Record<string, unknown> = {};
  for (const { name: key, kind, list, required } of fieldsOf.get(name) ?? []) {
    if (isMessageKind(kind)) {
      if (depth <= 0 && !required) {
        if (list === "always") message[key] = [];
        continue;
      }
      const child = sample(kind, depth - 1);
      message[key] = list ? [child, sample(kind, 0)] : child;
    } else {
      const values = samples[kind];
      message[key] = list ? values : values[0];
    }
  }
  message.unknown = [{ field: 4000, bytes: Uint8Array.of(0x82, 0xfa, 0x01, 2, 7, 8) }];
  return message;
}

const samples = {
  string: ["näme 中文", "", "\ufeffb"],
  bytes: [Uint8Array.of(0, 255, 3), new Uint8Array()],
  int: [-1, 0, 127, 128, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
  int64: [-(2n ** 63n), 0n, 1n, 2n ** 63n - 1n, 2n ** 53n, -1n],
  float: [0.5, -0, Number.POSITIVE_INFINITY],
  floatArray: [Float32Array.of(1.5, Number.NaN, -0)],
  doubleArray: [Float64Array.of(0.1, 5e-324)],
  int32Array: [Int32Array.of(0, -1, 2 ** 31 - 1, -(2 ** 31))],
  int64Array: [BigInt64Array.of(0n, -1n, 2n ** 63n - 1n)],
  uint64Array: [BigUint64Array.of(0n, 2n ** 64n - 1n)],
} satisfies Record<string, unknown[]>;

describe("every field of every message", () => {
  it("survives encoding and decoding", () => {
    const model = sample("Model", 7) as Model;
    expect(decodeModel(joinChunks(encodeModel(model)))).toEqual(model);
  });

  it("is written again with the same bytes", () => {
    const bytes = joinChunks(encodeModel(sample("Model", 7) as Model));
    expect(joinChunks(encodeModel(decodeModel(bytes)))).toEqual(bytes);
  });
});

describe("encoding", () => {
  it("passes large tensor bytes on without copying them", () => {
    const rawData = new Uint8Array(1_000_000).fill(7);
    const tensor: Tensor = { dims: [1_000_000], dataType: 2, name: "w", rawData };
    const chunks = encodeTensor(tensor);
    expect(chunks).toContain(rawData);
    expect(decodeTensor(joinChunks(chunks))).toEqual(tensor);
  });

  it("keeps tensor bytes as views into the file when reading", () => {
    const tensor: Tensor = { dims: [10_000], dataType: 2, name: "w", rawData: new Uint8Array(10_000) };
    const file = joinChunks(encodeTensor(tensor));
    const { rawData } = decodeTensor(file);
    expect(rawData instanceof Uint8Array && rawData.buffer).toBe(file.buffer);
  });

  it("names a field whose value does not fit", () => {
    const tensor: Tensor = { dims: [1.5], dataType: 1 };
    expect(() => encodeTensor(tensor)).toThrow(/"dims" does not fit/);
  });

  it("reads lists of numbers that a proto3 writer packed, and typed data that was not packed", () => {
    // dims [2, 3] packed; float_data 1.0 and 2.0 as single elements.
    const packed = Uint8Array.of(0x0a, 2, 2, 3, 0x10, 1, 0x25, 0, 0, 0x80, 0x3f, 0x25, 0, 0, 0, 0x40);
    const tensor = decodeTensor(packed);
    expect(tensor.dims).toEqual([2, 3]);
    expect(tensor.floatData).toEqual(Float32Array.of(1, 2));
  });
});
