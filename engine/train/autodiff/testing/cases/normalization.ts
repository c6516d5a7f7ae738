import fc from "fast-check";
import { makeFloat, makeInt } from "#engine/onnx/attributes.ts";
import { seeds, shapes } from "../arbitraries.ts";
import { type CaseInput, type RuleCase, spread } from "../case.ts";
import type { RuleCheck } from "../check.ts";
import {
  batchNormalizationReference,
  groupNormalizationReference,
  layerNormalizationReference,
  rmsNormalizationReference,
} from "../reference/normalization.ts";

const upTo = (max: number, min = 1) => fc.integer({ min, max });
/** Large enough for float32 where a row has one element, whose deviation is 0. */
const epsilons = fc.constantFrom(1e-5, 1e-2, 0.1).map((epsilon) => makeFloat("epsilon", epsilon));

/** A scale around 1.5: at 0 no gradient would come through. */
const scaleOf = (dims: readonly number[], seed: number): CaseInput => spread(dims, seed, 0.5, 2.5);

function alongLastAxes(opType: string, hasBias: boolean): fc.Arbitrary<RuleCase> {
  return fc
    .tuple(
      shapes(1, 3, 3),
      upTo(4),
      fc.nat(3),
      fc.boolean(),
      hasBias ? fc.boolean() : fc.constant(false),
      epsilons,
      seeds,
    )
    .map(([outer, last, cut, isNegative, isBiased, epsilon, seed]) => {
      // The last axis has at least two elements.
      const dims = [...outer, last + 1];
      const axis = cut % dims.length;
      const owned = dims.slice(axis);
      return {
        opType,
        inputs: [
          spread(dims, seed),
          scaleOf(owned, seed + 1),
          ...(isBiased ? [spread(owned, seed + 2)] : []),
        ],
        attributes: [makeInt("axis", isNegative ? axis - dims.length : axis), epsilon],
        outputs: 1,
        wanted: isBiased ? [0, 1, 2] : [0, 1],
        seed,
      };
    });
}

/** [N, C, …] with two places per channel at least. */
const planes = fc
  .tuple(upTo(3), upTo(2), upTo(3), shapes(0, 2, 3), upTo(4, 2), epsilons, seeds)
  .map(([batch, groups, each, outer, last, epsilon, seed]) => ({
    dims: [batch, groups * each, ...outer, last],
    groups,
    epsilon,
    seed,
  }));

function grouped(ownersOf: (channels: number, groups: number) => number): fc.Arbitrary<RuleCase> {
  return planes.map(({ dims, groups, epsilon, seed }) => {
    const owners = ownersOf(dims[1] ?? 1, groups);
    return {
      opType: "GroupNormalization",
      inputs: [spread(dims, seed), scaleOf([owners], seed + 1), spread([owners], seed + 2)],
      attributes: [makeInt("num_groups", groups), epsilon],
      outputs: 1,
      wanted: [0, 1, 2],
      seed,
    };
  });
}

const instances: fc.Arbitrary<RuleCase> = planes.map(({ dims, epsilon, seed }) => ({
  opType: "InstanceNormalization",
  inputs: [spread(dims, seed), scaleOf(dims.slice(1, 2), seed + 1), spread(dims.slice(1, 2), seed + 2)],
  attributes: [epsilon],
  outputs: 1,
  wanted: [0, 1, 2],
  seed,
}));

function batches(isTraining: boolean): fc.Arbitrary<RuleCase> {
  return planes.map(({ dims, epsilon, seed }) => {
    const channels = dims.slice(1, 2);
    return {
      opType: "BatchNormalization",
      inputs: [
        spread(dims, seed),
        scaleOf(channels, seed + 1),
        spread(channels, seed + 2),
        spread(channels, seed + 3),
        spread(channels, seed + 4, 0.3, 2),
      ],
      attributes: isTraining ? [epsilon, makeInt("training_mode", 1), makeFloat("momentum", 0)] : [epsilon],
      outputs: 1,
      wanted: isTraining ? [0, 1, 2] : [0, 1, 2, 3, 4],
      seed,
    };
  });
}

export const normalizationChecks: readonly RuleCheck[] = [
  {
    name: "LayerNormalization",
    cases: alongLastAxes("LayerNormalization", true),
    reference: layerNormalizationReference,
  },
  {
    name: "RMSNormalization",
    cases: alongLastAxes("RMSNormalization", false),
    reference: rmsNormalizationReference,
    opset: 23,
  },
  {
    name: "SimplifiedLayerNormalization",
    cases: alongLastAxes("SimplifiedLayerNormalization", false),
    reference: rmsNormalizationReference,
  },
  {
    name: "GroupNormalization",
    cases: grouped((channels) => channels),
    reference: groupNormalizationReference,
    opset: 21,
  },
  {
    name: "GroupNormalization-18",
    cases: grouped((_, groups) => groups),
    reference: groupNormalizationReference,
  },
  { name: "InstanceNormalization", cases: instances, reference: groupNormalizationReference },
  { name: "BatchNormalization", cases: batches(false), reference: batchNormalizationReference },
  { name: "BatchNormalization-training", cases: batches(true), reference: batchNormalizationReference },
];
