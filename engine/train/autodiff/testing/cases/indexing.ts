import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { makeInt } from "#engine/onnx/attributes.ts";
import { sizeOf } from "../../operand.ts";
import { seeds, shapes } from "../arbitraries.ts";
import { type CaseInput, type RuleCase, spread } from "../case.ts";
import type { RuleCheck } from "../check.ts";
import { gatherElementsReference, gatherNdReference, gatherReference } from "../reference/indexing.ts";
import { axisOf } from "../reference/shapes.ts";

/**
 * Random indices from both ends, duplicates among them.
 *
 * @param limit the size of the axis that the index at a place speaks of
 */
export function indicesIn(
  dims: readonly number[],
  limit: (at: number) => number,
  seed: number,
  isConstant: boolean,
): CaseInput {
  const random = xoroshiro128plus(seed);
  const data = Float64Array.from({ length: sizeOf(dims) }, (_, at) => {
    const size = limit(at);
    return ((random.next() >>> 0) % (2 * size)) - size;
  });
  return { dims, data, dtype: "int64", isConstant };
}

const gathers: fc.Arbitrary<RuleCase> = fc
  .tuple(shapes(1, 3), shapes(0, 2), fc.integer({ min: -3, max: 2 }), fc.boolean(), seeds)
  .map(([dims, places, at, isConstant, seed]) => {
    const axis = at % dims.length;
    return {
      opType: "Gather",
      inputs: [spread(dims, seed), indicesIn(places, () => dims.at(axis) ?? 1, seed + 1, isConstant)],
      attributes: axis === 0 ? [] : [makeInt("axis", axis)],
      outputs: 1,
      wanted: [0],
      seed,
    };
  });

/** Indices with as many axes as the data, and no more entries on any but the axis. */
const elements: fc.Arbitrary<RuleCase> = fc
  .tuple(shapes(1, 3), shapes(3, 3), fc.integer({ min: -3, max: 2 }), seeds)
  .map(([dims, wanted, at, seed]) => {
    const axis = at % dims.length;
    const positive = axis < 0 ? axis + dims.length : axis;
    const places = dims.map((dim, other) =>
      other === positive ? (wanted[other] ?? 1) : Math.min(dim, wanted[other] ?? 1),
    );
    return {
      opType: "GatherElements",
      inputs: [spread(dims, seed), indicesIn(places, () => dims[positive] ?? 1, seed + 1, false)],
      attributes: [makeInt("axis", axis)],
      outputs: 1,
      wanted: [0],
      seed,
    };
  });

const nds: fc.Arbitrary<RuleCase> = fc
  .tuple(shapes(1), fc.nat(2), shapes(1, 2, 3), fc.integer({ min: 1, max: 3 }), seeds)
  .map(([dims, batch, outer, width, seed]) => {
    const batchDims = Math.min(batch, dims.length - 1);
    const named = Math.min(width, dims.length - batchDims);
    const places = [...dims.slice(0, batchDims), ...outer, named];
    const limit = (at: number) => dims[batchDims + (at % named)] ?? 1;
    return {
      opType: "GatherND",
      inputs: [spread(dims, seed), indicesIn(places, limit, seed + 1, false)],
      attributes: batchDims === 0 ? [] : [makeInt("batch_dims", batchDims)],
      outputs: 1,
      wanted: [0],
      seed,
    };
  });

/** Values that are read at places. */
export const indexingChecks: readonly RuleCheck[] = [
  {
    name: "Gather",
    cases: gathers,
    reference: gatherReference,
    tensorflow: ([x = tf.scalar(0), indices], rule) => {
      const axis = axisOf(rule, 0);
      const dim = x.shape[axis] ?? 1;
      const given = [...(indices?.dataSync() ?? [])].map((at) => (at < 0 ? at + dim : at));
      const moved = tf.gather(x, tf.tensor1d(given, "int32"), axis);
      return [
        tf.reshape(moved, [...x.shape.slice(0, axis), ...(indices?.shape ?? []), ...x.shape.slice(axis + 1)]),
      ];
    },
  },
  { name: "GatherElements", cases: elements, reference: gatherElementsReference },
  { name: "GatherND", cases: nds, reference: gatherNdReference },
];
