import { readFloats } from "#engine/onnx/make.ts";
import type { Node } from "#engine/onnx/model.ts";
import { own } from "#engine/own.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import type { Range } from "../calibration/range.ts";
import { rangeOf } from "../calibration/range.ts";
import { isStandard } from "../domains.ts";
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
  draft: Pick<Draft, "initializer" | "isFloat" | "isConstant">,
  ranges: ReadonlyMap<string, Range>,
  coarse: ReadonlyMap<string, EngineRemark>,
  node: Node,
): EngineRemark | undefined {
  const positions = own(valueInputs, node.opType) ?? [...node.input.keys()];
  const inputs = positions.map((position) => node.input[position] ?? "");
  for (const name of [...inputs, ...node.output]) {
    if (name === "" || !draft.isFloat(name)) continue;
    const tensor = draft.initializer(name);
    const reason =
      tensor === undefined
        ? (coarse.get(name) ?? lossOfRange(name, ranges.get(name), draft.isConstant(name)))
        : lossOfConstant(name, readFloats(tensor));
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** Operators whose result keeps the scale of its inputs. */
const additive = new Set(["Add", "Concat", "Where"]);
const allSteps = 255;

/**
 * Results of which one step is larger than all that goes in, as scores beside a mask of −10000: as integers nothing
 * of the input would be left. No node may quantise those.
 *
 * @returns the reason by name
 */
export function coarseValues(
  draft: Pick<Draft, "initializer">,
  ranges: ReadonlyMap<string, Range>,
  nodes: Iterable<Node>,
): Map<string, EngineRemark> {
  const coarse = new Map<string, EngineRemark>();
  for (const node of nodes) {
    const output = node.output[0] ?? "";
    const result = ranges.get(output);
    if (!isStandard(node) || !additive.has(node.opType) || result === undefined) continue;
    const step = widthOf(result) / allSteps;
    const lost = node.input.find((name) => {
      const range = draft.initializer(name) === undefined ? ranges.get(name) : undefined;
      return range !== undefined && range.high > range.low && widthOf(range) < step;
    });
    if (lost !== undefined) coarse.set(output, say("quantize-static-losses.coarse", { lost, output }));
  }
  return coarse;
}

/** From the lowest to the highest, 0 included. */
function widthOf({ low, high }: Range): number {
  return Math.max(high, 0) - Math.min(low, 0);
}

function lossOfRange(name: string, range: Range | undefined, constant: boolean): EngineRemark | undefined {
  if (range === undefined) return say("quantize-static-losses.noValue", { name });
  if (!Number.isFinite(range.low) || !Number.isFinite(range.high)) {
    return say("quantize-static-losses.infinite", { name });
  }
  const width = widthOf(range);
  if (!Number.isFinite(Math.fround(width))) return say("quantize-static-losses.rangeOverflows", { name });
  if (width === 0 && !constant) return say("quantize-static-losses.alwaysZero", { name });
  if (width > 0 && width / steps < smallestNormal) return say("quantize-static-losses.tooSmall", { name });
  return undefined;
}

function lossOfConstant(name: string, values: Float32Array): EngineRemark | undefined {
  if (values.some((value) => !Number.isFinite(value)))
    return say("quantize-static-losses.notFinite", { name });
  const range = rangeOf(values);
  if (range === undefined) return say("quantize-static-losses.empty", { name });
  if (!Number.isFinite(Math.fround(range.high - range.low)))
    return say("quantize-static-losses.rangeOverflows", { name });
  const bound = Math.max(Math.abs(range.low), Math.abs(range.high));
  return bound > 0 && bound / steps < smallestNormal
    ? say("quantize-static-losses.tooSmall", { name })
    : undefined;
}
