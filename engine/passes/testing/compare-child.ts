/**
 * Runs two models on the same seeded inputs in this process, which the caller started for it: a model that aborts
 * ONNX Runtime natively takes nobody else down. Reads one JSON request per line, writes one JSON answer per line.
 */
import { createInterface } from "node:readline";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { float16Array, fromFloat16 } from "#engine/onnx/floats.ts";
// Its effect is wanted: float16 tensors travel as bit patterns.
import "#engine/runtime/tensors.ts";
import type { CompareRequest, CompareResult, OutputDifference } from "./compare.ts";

type Numbers = ArrayLike<number> | BigInt64Array;

async function load(path: string): Promise<InferenceSession> {
  return InferenceSession.create(path, {
    executionProviders: ["cpu"],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  });
}

function inputTensor(
  value: InferenceSession.ValueMetadata,
  request: CompareRequest,
  next: () => number,
): Tensor {
  if (!value.isTensor) throw new Error(`input ${value.name} is no tensor`);
  const given = request.shapes?.[value.name];
  const dims =
    given ??
    value.shape.map((dim) =>
      typeof dim === "number" && dim >= 0 ? dim : (request.dims?.[String(dim)] ?? 2),
    );
  const count = dims.reduce((a, b) => a * b, 1);
  const [low, high] = request.ranges?.[value.name] ?? (value.type.includes("float") ? [-1, 1] : [0, 5]);
  const draw = () => low + next() * (high - low);
  switch (value.type) {
    case "float32":
      return new Tensor("float32", Float32Array.from({ length: count }, draw), dims);
    case "float64":
      return new Tensor("float64", Float64Array.from({ length: count }, draw), dims);
    case "int64":
      return new Tensor(
        "int64",
        BigInt64Array.from({ length: count }, () => BigInt(Math.floor(draw()))),
        dims,
      );
    case "int32":
      return new Tensor(
        "int32",
        Int32Array.from({ length: count }, () => Math.floor(draw())),
        dims,
      );
    case "bool":
      return new Tensor(
        "bool",
        Uint8Array.from({ length: count }, () => (next() < 0.5 ? 0 : 1)),
        dims,
      );
    case "uint8":
      return new Tensor(
        "uint8",
        Uint8Array.from({ length: count }, () => Math.floor(next() * 256)),
        dims,
      );
    default:
      throw new Error(`input ${value.name} is ${value.type}`);
  }
}

function difference(name: string, a: Numbers, b: Numbers): OutputDifference {
  let [dot, aa, bb, maxAbs, finite] = [0, 0, 0, 0, true];
  for (let index = 0; index < a.length; index++) {
    const [x, y] = [Number(a[index]), Number(b[index])];
    if (Number.isNaN(x) && Number.isNaN(y)) continue;
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      finite &&= x === y;
      continue;
    }
    dot += x * y;
    aa += x * x;
    bb += y * y;
    maxAbs = Math.max(maxAbs, Math.abs(x - y));
  }
  const cosine = aa === 0 && bb === 0 ? 1 : dot / Math.sqrt(aa * bb || 1);
  return { name, cosine, maxAbs, rms: Math.sqrt(aa / Math.max(1, a.length)), finite, count: a.length };
}

async function compare(request: CompareRequest): Promise<CompareResult> {
  const original = await load(request.original);
  const changed = await load(request.changed);
  const generator = xoroshiro128plus(request.seed ?? 1);
  const next = () => (generator.next() >>> 0) / 2 ** 32;
  const feeds = Object.fromEntries(
    original.inputMetadata.map((value) => [value.name, inputTensor(value, request, next)] as const),
  );
  const before = await original.run(feeds);
  const after = await changed.run(
    Object.fromEntries(changed.inputMetadata.map((input) => [input.name, asWanted(feeds, input)] as const)),
  );
  return {
    outputs: original.outputNames.flatMap((name) => {
      const [a, b] = [before[name], after[name]];
      if (!(a instanceof Tensor) || !(b instanceof Tensor)) return [];
      if (a.type === "string" || b.type === "string") return [];
      if (a.dims.join() !== b.dims.join()) throw new Error(`${name}: shape ${a.dims} became ${b.dims}`);
      return [difference(name, numbers(a), numbers(b))];
    }),
  };
}

/** The same values, as float16 where the changed model takes those. */
function asWanted(feeds: Record<string, Tensor>, input: InferenceSession.ValueMetadata): Tensor {
  const given = feeds[input.name];
  if (given === undefined) throw new Error(`the changed model has another input, ${input.name}`);
  if (!input.isTensor || input.type !== "float16" || given.type !== "float32") return given;
  return new Tensor("float16", float16Array(given.data as Float32Array), given.dims);
}

/** Values as numbers, whatever their type. */
function numbers(tensor: Tensor): Numbers {
  const data = tensor.data as Numbers | Uint16Array;
  return tensor.type === "float16" && data instanceof Uint16Array ? fromFloat16(data) : data;
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer: CompareResult;
  try {
    answer = await compare(JSON.parse(line) as CompareRequest);
  } catch (error) {
    answer = { error: (error instanceof Error ? error.message : String(error)).slice(0, 600), outputs: [] };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
