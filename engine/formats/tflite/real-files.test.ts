import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { randomStream } from "#engine/evaluate/statistics/random.ts";
import { decodeModel } from "#engine/onnx/decode.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import { InferenceSession, Tensor } from "#engine/runtime/onnxruntime.ts";
import { optimizedModel } from "#engine/runtime/optimized-model.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { filesOf } from "../source.ts";
import { convertTensorFlowLite } from "./convert.ts";
import { readLiteModel } from "./reader/read-model.ts";
import { argMaxAgreement, compareModel, relativeError, steps } from "./testing/compare.ts";
import { filled } from "./testing/values.ts";
import { elementsOf } from "./writer/constants.ts";

const folder = sharedData("data/tflite");
const read = (name: string) => new Uint8Array(readFileSync(join(folder ?? "", `${name}.tflite`)));
const converted = (name: string) => convertTensorFlowLite(filesOf({ "m.tflite": read(name) }));

describe.skipIf(folder === undefined)("float32 models", () => {
  it.each([
    "micro/hello_world_float",
    "mlperf-tiny/ad01_fp32",
    "mlperf-tiny/resnet8_float",
    "mlperf-tiny/vww_float",
  ])("%s computes what LiteRT computes", async (name) => {
    const compared = await compareModel(read(name), { count: 32 });
    expect(relativeError(compared)).toBeLessThanOrEqual(1e-5);
    expect(argMaxAgreement(compared)).toBe(32);
  });

  // Its name says float, its convolutions have int8 weights, beside which LiteRT rounds activations to 8 bits.
  it("mlperf-tiny/kws_float computes what LiteRT computes but for its rounding of activations", async () => {
    const compared = await compareModel(read("mlperf-tiny/kws_float"), { count: 64 });
    expect(relativeError(compared)).toBeLessThanOrEqual(0.03);
    expect(argMaxAgreement(compared)).toBe(64);
    expect(converted("mlperf-tiny/kws_float").notes.map(({ key }) => key)).toEqual(["tflite.hybrid"]);
  });
});

/**
 * The two runtimes round halves of different float32 products (XNNPACK and MLAS), so that a layer now and then differs by
 * one step, and layers behind it by a little more. A Softmax turns two steps of its scores (0.17 each in resnet8) into
 * up to 256 · tanh(2 · 2 · 0.17 / 4) = 43 of its own.
 */
const integers = [
  { name: "micro/hello_world_int8", largest: 0, share: 0, kernels: { QGemm: 3 } },
  { name: "mlperf-tiny/ad01_int8", largest: 1, share: 0.001, kernels: { QGemm: 10 } },
  { name: "mlperf-tiny/kws_int8", largest: 9, share: 0.02, kernels: { QLinearConv: 9, QGemm: 1 } },
  {
    name: "mlperf-tiny/resnet8_int8",
    largest: 43,
    share: 0.1,
    kernels: { QLinearConv: 9, QLinearAdd: 3, QGemm: 1 },
  },
  { name: "mlperf-tiny/vww_int8", largest: 16, share: 0.02, kernels: { QLinearConv: 27, QGemm: 1 } },
];

describe.skipIf(folder === undefined)("integer models", () => {
  it.each(integers)("$name computes what LiteRT computes", async ({ name, largest, share }) => {
    const compared = await compareModel(read(name), { count: 64 });
    const found = steps(compared);
    expect(found.largest).toBeLessThanOrEqual(largest);
    expect(found.differing / found.all).toBeLessThanOrEqual(share);
    expect(argMaxAgreement(compared)).toBe(64);
  });

  it.each(integers)("$name runs in integer kernels alone", async ({ name, kernels }) => {
    const path = join(tmpdir(), `parsimony-tflite-${randomUUID()}.onnx`);
    await writeFile(path, joinChunks(encodeModel(converted(name).model)));
    const { graph } = decodeModel(await optimizedModel(path));
    await rm(path);
    const counts = new Map<string, number>();
    for (const { opType } of graph.node) counts.set(opType, (counts.get(opType) ?? 0) + 1);
    for (const [kernel, count] of Object.entries(kernels)) expect(counts.get(kernel), kernel).toBe(count);
    for (const float of ["Conv", "Gemm", "Add", "AveragePool", "Softmax"])
      expect(counts.has(float), float).toBe(false);
  });

  it("agree with their float32 twins: the same place of the largest result", async () => {
    const [float, integer] = [read("mlperf-tiny/resnet8_float"), read("mlperf-tiny/resnet8_int8")];
    // Smooth images, as a network that was trained on photographs knows them; noise it does not.
    const wave = (seed: number) => {
      const random = randomStream(seed);
      const [fx, fy, phase] = [random.uniform() / 4, random.uniform() / 4, random.uniform() * 6];
      return Array.from({ length: 3072 }, (_, at) => {
        const [x, y] = [Math.floor(at / 3) % 32, Math.floor(at / 96)];
        return Math.round(127.5 * (1 + Math.sin(fx * x + fy * y + phase + (at % 3))));
      });
    };
    const { graph } = readLiteModel(integer);
    const [input] = graph.inputs.flatMap((index) => graph.tensors[index] ?? []);
    const { scales: [scale = 1] = [], zeroPoints: [zero = 0] = [] } = input?.quantization ?? {};
    const place = async (bytes: Uint8Array, values: (seed: number) => Float32Array | Int8Array) => {
      const { model } = convertTensorFlowLite(filesOf({ "m.tflite": bytes }));
      const session = await InferenceSession.create(joinChunks(encodeModel(model)));
      const places: number[] = [];
      for (let seed = 0; seed < 64; seed++) {
        const data = values(seed);
        const tensor =
          data instanceof Float32Array
            ? new Tensor("float32", data, [1, 32, 32, 3])
            : new Tensor("int8", data, [1, 32, 32, 3]);
        const results = await session.run({ [session.inputNames[0] ?? ""]: tensor });
        const scores = Array.from(Object.values(results)[0]?.data ?? [], Number);
        places.push(scores.indexOf(Math.max(...scores)));
      }
      return places;
    };
    const floats = await place(float, (seed) => Float32Array.from(wave(seed)));
    const wholes = await place(integer, (seed) =>
      Int8Array.from(wave(seed), (value) => Math.max(-128, Math.min(127, Math.round(value / scale) + zero))),
    );
    const agreeing = floats.filter((at, item) => at === wholes[item]).length;
    expect(agreeing).toBeGreaterThanOrEqual(58);
  });
});

describe.skipIf(folder === undefined)("an open batch", () => {
  it.each(["mlperf-tiny/kws_int8", "mlperf-tiny/resnet8_float", "mlperf-tiny/vww_int8"])(
    "%s gives each of five items what it gives one alone",
    async (name) => {
      const { model } = converted(name);
      const { graph } = readLiteModel(read(name));
      const [input] = graph.inputs.flatMap((index) => graph.tensors[index] ?? []);
      if (input === undefined) throw new Error("no input");
      const session = await InferenceSession.create(joinChunks(encodeModel(model)));
      const size = elementsOf(input.shape);
      const bytes = filled(input.type, 5 * size, "uniform", randomStream(9));
      const run = async (count: number, from: number) => {
        const part = bytes.slice((from * bytes.length) / 5, ((from + count) * bytes.length) / 5);
        const shape = [count, ...input.shape.slice(1)];
        const tensor =
          input.type === "int8"
            ? new Tensor("int8", new Int8Array(part.buffer), shape)
            : new Tensor("float32", new Float32Array(part.buffer), shape);
        const results = await session.run({ [session.inputNames[0] ?? ""]: tensor });
        return Array.from(Object.values(results)[0]?.data ?? [], Number);
      };
      const together = await run(5, 0);
      const alone = (await Promise.all([0, 1, 2, 3, 4].map((item) => run(1, item)))).flat();
      expect(together.length).toBe(alone.length);
      for (const [at, value] of alone.entries()) expect(together[at]).toBeCloseTo(value, 4);
    },
  );
});
