import { uniqueNames } from "#engine/graph/names.ts";
import { makeGraph, makeModel, makeValue } from "#engine/onnx/build.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { differentiate } from "../../autodiff/differentiate.ts";
import { Emitter } from "../../autodiff/emitter.ts";
import { ForwardGraph } from "../../autodiff/forward.ts";
import { sizeOf } from "../../autodiff/operand.ts";
import { type FakeQuantization, makeFakeQuantize } from "../fake-quantize.ts";
import { lowerFakeQuantize } from "../lower.ts";

/** One use of fake quantisation. */
export interface FakeCase extends FakeQuantization {
  readonly dims: readonly number[];
  readonly x: Float32Array;
  /** Of the scales; as many. */
  readonly factors: Float32Array;
  /** Gradient of the result. */
  readonly dy: Float32Array;
}

export interface FakeResult {
  readonly y: Float32Array;
  readonly dx: Float32Array;
  readonly df: Float32Array;
}

/** Values and gradients as ONNX Runtime computes them in the graph that differentiation and lowering write. */
export async function runFake(one: FakeCase): Promise<FakeResult> {
  const { dims, axis, factors } = one;
  const factorDims = axis === undefined ? [] : [factors.length];
  const graph = makeGraph({
    node: [makeFakeQuantize("x", "f", "y", one)],
    input: [
      makeValue("x", "float32", dims),
      makeValue("f", "float32", factorDims),
      makeValue("dy", "float32", dims),
    ],
    output: [makeValue("y", "float32")],
  });
  const model = makeModel(graph, { opset: 18, irVersion: 9 });
  const emit = new Emitter(uniqueNames(model));
  const forward = new ForwardGraph(model, new Map());
  const found = differentiate(forward, emit, new Map([["y", { name: "dy", dims }]]), ["x", "f"]);
  graph.node.push(...emit.nodes);
  graph.initializer.push(...emit.initializers);
  const names = [found.get("x")?.name ?? "", found.get("f")?.name ?? ""];
  graph.output.push(...names.map((name) => makeValue(name, "float32")));
  lowerFakeQuantize(model, () => dims.length);
  const session = await loadExecutable(model);
  try {
    const results = await session.run({
      x: { dtype: "float32", dims: [...dims], data: one.x },
      f: { dtype: "float32", dims: factorDims, data: factors },
      dy: { dtype: "float32", dims: [...dims], data: one.dy },
    });
    const read = (name: string) => {
      const data = results[name]?.data;
      if (!(data instanceof Float32Array)) throw new Error(`${name} is not float32`);
      return data;
    };
    return { y: read("y"), dx: read(names[0] ?? ""), df: read(names[1] ?? "") };
  } finally {
    await session.release();
  }
}

function halfToEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  if (rest !== 0.5) return rest < 0.5 ? low : low + 1;
  return low % 2 === 0 ? low : low + 1;
}

/** The same in float64, from the formulas of Esser and others 2020, element by element. */
export function referenceFake(one: FakeCase): { y: Float64Array; dx: Float64Array; df: Float64Array } {
  const { dims, x, dy, axis, scales, factors, zeroPoints, least, most, isBatched } = one;
  const inner = axis === undefined ? x.length : sizeOf(dims.slice(axis + 1));
  const channels = scales.length;
  const y = new Float64Array(x.length);
  const dx = new Float64Array(x.length);
  const ds = new Float64Array(channels);
  x.forEach((value, at) => {
    const channel = axis === undefined ? 0 : Math.floor(at / inner) % channels;
    const scale = Math.fround((scales[channel] ?? 1) * (factors[channel] ?? 1));
    const zero = zeroPoints[channel] ?? 0;
    const steps = value / scale;
    const rounded = halfToEven(Math.fround(steps));
    const clipped = Math.max(least - zero, Math.min(most - zero, rounded));
    const isInside = clipped === rounded;
    const upstream = dy[at] ?? 0;
    y[at] = clipped * scale;
    dx[at] = isInside ? upstream : 0;
    ds[channel] = (ds[channel] ?? 0) + upstream * (isInside ? rounded - steps : clipped);
  });
  const sharing = sizeOf(dims) / (isBatched ? (dims[0] ?? 1) : 1) / channels;
  const [zero = 0] = zeroPoints;
  const g = 1 / Math.sqrt(sharing * Math.max(most - zero, zero - least));
  return { y, dx, df: ds.map((sum, channel) => (g * sum) / (scales[channel] ?? 1)) };
}
