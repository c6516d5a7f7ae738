import {
  makeInt,
  makeInts,
  makeNode,
  makeString,
  makeTensorAttribute,
  smallIntAttribute,
  smallIntsAttribute,
  stringAttribute,
} from "#engine/onnx/attributes.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Node } from "#engine/onnx/model.ts";
import { trainingDomain } from "#engine/passes/domains.ts";

/**
 * An operator that only training graphs have: float32 values, rounded to those that integers stand for. What it computes
 * is DequantizeLinear(QuantizeLinear(x)), into which `lowerFakeQuantize` turns it; its gradient is the straight-through
 * one of `fakeQuantizeRule`, which those two have not.
 */
export const fakeQuantizeOp = "FakeQuantize";

export interface FakeQuantization {
  readonly type: "int8" | "uint8";
  /** What scales are before training: one, or one per channel. */
  readonly scales: Float32Array;
  /** As many as scales. They do not learn. */
  readonly zeroPoints: readonly number[];
  /** Axis of the channels; undefined for one scale in all. */
  readonly axis: number | undefined;
  /** The integers in use; a range within that of the type where a bit is left free. */
  readonly least: number;
  readonly most: number;
  /** The first axis is that of the items of a batch. */
  readonly isBatched: boolean;
}

/**
 * @param factor value of the shape of `scales` by which they are multiplied, which learns; "" where scales are fixed
 */
export function makeFakeQuantize(
  input: string,
  factor: string,
  output: string,
  { type, scales, zeroPoints, axis, least, most, isBatched }: FakeQuantization,
  name?: string,
): Node {
  const dims = axis === undefined ? [] : [scales.length];
  return makeNode(fakeQuantizeOp, factor === "" ? [input] : [input, factor], [output], {
    name,
    domain: trainingDomain,
    attribute: [
      makeTensorAttribute("scale", makeTensor("", "float32", dims, scales)),
      makeInts("zero_points", zeroPoints),
      makeString("type", type),
      ...(axis === undefined ? [] : [makeInt("axis", axis)]),
      makeInt("least", least),
      makeInt("most", most),
      makeInt("batched", isBatched ? 1 : 0),
    ],
  });
}

export function isFakeQuantize({ domain, opType }: Node): boolean {
  return domain === trainingDomain && opType === fakeQuantizeOp;
}

/** What such a node holds. */
export function fakeQuantization(node: Node): FakeQuantization {
  const scale = node.attribute.find(({ name }) => name === "scale")?.t;
  if (scale === undefined) throw new Error(`${fakeQuantizeOp} has no scale`);
  const axis = smallIntAttribute(node, "axis");
  return {
    type: stringAttribute(node, "type") === "int8" ? "int8" : "uint8",
    scales: readFloats(scale),
    zeroPoints: smallIntsAttribute(node, "zero_points") ?? [],
    axis,
    least: smallIntAttribute(node, "least") ?? 0,
    most: smallIntAttribute(node, "most") ?? 0,
    isBatched: smallIntAttribute(node, "batched") === 1,
  };
}

/** The shape in which numbers per channel stand beside a value of this rank. */
export function channelDims(rank: number, axis: number | undefined, channels: number): number[] {
  return axis === undefined ? [] : Array.from({ length: rank }, (_, at) => (at === axis ? channels : 1));
}
