import { readFloats } from "#engine/onnx/make.ts";
import type { Node } from "#engine/onnx/model.ts";
import type { Range } from "../calibration/range.ts";
import { rangeOf } from "../calibration/range.ts";
import type { Draft } from "./draft.ts";

/** Below the smallest normal float32 there is no scale. */
const smallestNormal = 2 ** -126;
/** Steps of the coarsest range in use, int8 on one side. */
const steps = 127;

/** Inputs that are quantised as values; biases and bounds are not. All of them where nothing stands here. */
const valueInputs: Readonly<Record<string, readonly number[]>> = {
  Conv: [0, 1],
  ConvTranspose: [0, 1],
  Gemm: [0, 1],
  Relu: [0],
  Clip: [0],
  InstanceNormalization: [0, 1],
  LayerNormalization: [0, 1],
  BatchNormalization: [0, 1],
};

/**
 * Why quantising a node would lose what it computes: a value without a range that stands for it, or a weight that
 * has no scale. Undefined where nothing speaks against it.
 */
export function lossOf(
  draft: Pick<Draft, "initializer" | "isFloat">,
  ranges: ReadonlyMap<string, Range>,
  node: Node,
): string | undefined {
  const positions = valueInputs[node.opType] ?? [...node.input.keys()];
  const inputs = positions.map((position) => node.input[position] ?? "");
  for (const name of [...inputs, ...node.output]) {
    if (name === "" || !draft.isFloat(name)) continue;
    const tensor = draft.initializer(name);
    const reason =
      tensor === undefined ? lossOfRange(name, ranges.get(name)) : lossOfConstant(name, readFloats(tensor));
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function lossOfRange(name: string, range: Range | undefined): string | undefined {
  if (range === undefined) return `"${name}" had no value during calibration`;
  if (!Number.isFinite(range.low) || !Number.isFinite(range.high)) {
    return `"${name}" was infinite during calibration`;
  }
  const width = Math.max(range.high, 0) - Math.min(range.low, 0);
  if (!Number.isFinite(Math.fround(width))) return `the range of "${name}" overflows float32`;
  if (width === 0) return `"${name}" was always 0 during calibration: nothing says what its range is`;
  if (width / steps < smallestNormal) return `the values of "${name}" are too small for a scale`;
  return undefined;
}

function lossOfConstant(name: string, values: Float32Array): string | undefined {
  if (values.some((value) => !Number.isFinite(value))) return `the values of "${name}" are not finite`;
  const range = rangeOf(values);
  if (range === undefined) return `"${name}" is empty`;
  if (!Number.isFinite(Math.fround(range.high - range.low)))
    return `the range of "${name}" overflows float32`;
  const bound = Math.max(Math.abs(range.low), Math.abs(range.high));
  return bound > 0 && bound / steps < smallestNormal
    ? `the values of "${name}" are too small for a scale`
    : undefined;
}
