import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DType, dtypeOfCode, dtypes } from "./dtypes.ts";
import { packBits, unpackBits } from "./lowbit.ts";
import { makeTensor, readFloats, setTensor } from "./make.ts";
import type { Tensor } from "./model.ts";
import { elementCount, readTensor, tensorBytes } from "./tensor.ts";

const typed = (dtype: DType, dims: number[], data: Partial<Tensor>): Tensor => ({
  dims,
  dataType: dtypes[dtype].code,
  name: "t",
  ...data,
});

describe("reading a tensor", () => {
  it.each<[string, Tensor, ArrayLike<number | bigint>]>([
    ["float_data", typed("float32", [2], { floatData: Float32Array.of(1, 2) }), [1, 2]],
    ["double_data", typed("float64", [1], { doubleData: Float64Array.of(0.1) }), [0.1]],
    ["int32_data", typed("int32", [2], { int32Data: Int32Array.of(-5, 5) }), [-5, 5]],
    ["int8 in int32_data", typed("int8", [2], { int32Data: Int32Array.of(-128, 127) }), [-128, 127]],
    ["uint8 in int32_data", typed("uint8", [2], { int32Data: Int32Array.of(255, 0) }), [255, 0]],
    ["int16 in int32_data", typed("int16", [1], { int32Data: Int32Array.of(-300) }), [-300]],
    ["float16 bits in int32_data", typed("float16", [1], { int32Data: Int32Array.of(0x3c00) }), [0x3c00]],
    ["int4 bytes in int32_data", typed("int4", [3], { int32Data: Int32Array.of(0x8f, 0x07) }), [-1, -8, 7]],
    ["bool in int32_data", typed("bool", [2], { int32Data: Int32Array.of(1, 0) }), [1, 0]],
    ["int64_data", typed("int64", [1], { int64Data: BigInt64Array.of(-(2n ** 63n)) }), [-(2n ** 63n)]],
    [
      "uint64_data",
      typed("uint64", [1], { uint64Data: BigUint64Array.of(2n ** 64n - 1n) }),
      [2n ** 64n - 1n],
    ],
    [
      "uint32 in uint64_data",
      typed("uint32", [1], { uint64Data: BigUint64Array.of(4294967295n) }),
      [4294967295],
    ],
    ["complex64", typed("complex64", [1], { floatData: Float32Array.of(1, -1) }), [1, -1]],
    ["raw int16", typed("int16", [2], { rawData: Uint8Array.of(1, 0, 0xff, 0xff) }), [1, -1]],
    ["raw uint4", typed("uint4", [3], { rawData: Uint8Array.of(0x21, 0x03) }), [1, 2, 3]],
    ["raw int2", typed("int2", [4], { rawData: Uint8Array.of(0b11_10_01_00) }), [0, 1, -2, -1]],
    [
      "raw wins",
      typed("float32", [1], { rawData: Uint8Array.of(0, 0, 0x80, 0x3f), floatData: Float32Array.of(7) }),
      [1],
    ],
    ["no elements", typed("float32", [0, 3], {}), []],
    ["scalar", typed("float32", [], { floatData: Float32Array.of(3) }), [3]],
  ])("%s", (_, tensor, expected) => {
    expect(Array.from<number | bigint>(readTensor(tensor))).toEqual(Array.from(expected));
  });

  it("reads raw data at odd offsets", () => {
    const file = Uint8Array.of(9, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40);
    expect(readTensor(typed("float32", [2], { rawData: file.subarray(1) }))).toEqual(Float32Array.of(1, 2));
  });

  it.each<[string, Tensor, RegExp]>([
    [
      "too few values",
      typed("float32", [3], { floatData: Float32Array.of(1) }),
      /needs 3 values, the file has 1/,
    ],
    ["too many bytes", typed("int8", [1], { rawData: Uint8Array.of(1, 2) }), /need 1 bytes, the file has 2/],
    ["negative dimension", typed("int8", [-1], {}), /Impossible dimension -1/],
    ["overflowing shape", typed("int8", [2 ** 40, 2 ** 40], {}), /Impossible shape/],
    ["strings", typed("string", [1], { stringData: [new Uint8Array()] }), /no numeric values/],
    ["unloaded external data", typed("int8", [1], { dataLocation: 1 }), /not been loaded/],
    ["unknown type", { dims: [], dataType: 99, name: "t" }, /type 99/],
  ])("refuses %s", (_, tensor, message) => {
    expect(() => readTensor(tensor)).toThrow(message);
  });
});

describe("making tensors", () => {
  it("stores values as they are read again, for every numeric type", () => {
    const arrays: Partial<Record<DType, Parameters<typeof makeTensor>[3]>> = {
      float32: Float32Array.of(1, -2),
      float64: Float64Array.of(1, -2),
      int8: Int8Array.of(1, -2),
      int64: BigInt64Array.of(1n, -2n),
      float16: Uint16Array.of(0x3c00, 0xc000),
      uint4: Uint8Array.of(1, 15),
      int4: Int8Array.of(1, -8),
      int2: Int8Array.of(1, -2),
    };
    for (const [dtype, values] of Object.entries(arrays)) {
      expect(readTensor(makeTensor("t", dtype as DType, [2], values))).toEqual(values);
    }
  });

  it("refuses a shape of another size", () => {
    expect(() => makeTensor("t", "float32", [3], Float32Array.of(1))).toThrow(/do not make a float32 tensor/);
  });

  it("replaces whatever stored the values before", () => {
    const tensor = typed("float32", [1], {
      floatData: Float32Array.of(1),
      externalData: [],
      dataLocation: 1,
    });
    setTensor(tensor, "int8", [2], Int8Array.of(3, 4));
    expect(tensor).toEqual({ dims: [2], dataType: 3, name: "t", rawData: Uint8Array.of(3, 4) });
  });

  it("reads 16-bit floats as float32", () => {
    expect(readFloats(makeTensor("t", "float16", [2], Uint16Array.of(0x3c00, 0x0001)))).toEqual(
      Float32Array.of(1, 2 ** -24),
    );
    expect(readFloats(makeTensor("t", "bfloat16", [1], Uint16Array.of(0x3f80)))).toEqual(Float32Array.of(1));
    expect(() => readFloats(makeTensor("t", "int8", [1], Int8Array.of(1)))).toThrow(/int8/);
  });
});

describe("sizes", () => {
  it("knows every data type by its code", () => {
    const codes = Object.values(dtypes).map(({ code }) => code);
    expect(codes).toEqual(Array.from({ length: 26 }, (_, at) => at + 1));
    expect(dtypeOfCode(22)).toBe("int4");
    expect(dtypeOfCode(0)).toBeUndefined();
  });

  it("packs sub-byte types and counts string bytes", () => {
    expect(tensorBytes(typed("int4", [3], {}))).toBe(2);
    expect(tensorBytes(typed("uint2", [5], {}))).toBe(2);
    expect(tensorBytes(typed("complex128", [2], {}))).toBe(32);
    expect(tensorBytes(typed("string", [1], { stringData: [Uint8Array.of(1, 2, 3)] }))).toBe(3);
    expect(elementCount([])).toBe(1);
  });

  it("packing and unpacking are inverse", () => {
    void fc.assert(
      fc.property(fc.array(fc.integer({ min: -8, max: 7 })), (values) => {
        expect(Array.from(unpackBits(packBits(values, 4), 4, values.length, true))).toEqual(values);
      }),
    );
  });
});
