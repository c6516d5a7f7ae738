import { readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { trainableTensors } from "#engine/train/graph/parameters.ts";
import type { TrainerOptions } from "#engine/train/trainer.ts";

/** What a training leaves of the work of steps before it. */
export interface Held {
  /** By parameter: 1 for weights that move, 0 for those that stay zero. */
  readonly masks: ReadonlyMap<string, Float32Array>;
  /** By parameter: the group of each weight, from 0; weights of a group keep one value. −1: on its own. */
  readonly groups: ReadonlyMap<string, Int32Array>;
}

/** What a training of this model is to leave as it is. */
export function heldOf(
  model: Model,
  options: {
    readonly freeze: readonly string[];
    readonly keep_zeros: boolean;
    readonly keep_shared: boolean;
  },
): Held {
  const { trainable } = trainableTensors(model, options.freeze);
  const weights = new Map(trainable.map(({ name, tensor }) => [name, readFloats(tensor)]));
  return {
    masks: options.keep_zeros ? masksOf(weights) : new Map(),
    groups: options.keep_shared ? groupsOf(weights) : new Map(),
  };
}

/** A tensor with at most this many values beside zero was clustered; more would not pay for a code table. */
const mostShared = 256;
/** Members that a value must have on average, so that a small or coarse tensor is not taken for a clustered one. */
const leastMembers = 8;

/** Masks of the tensors that have zeros, where a share of them at all is zero. */
export function masksOf(weights: ReadonlyMap<string, Float32Array>): Map<string, Float32Array> {
  const masks = new Map<string, Float32Array>();
  for (const [name, values] of weights) {
    if (values.includes(0) && values.some((value) => value !== 0))
      masks.set(
        name,
        Float32Array.from(values, (value) => (value === 0 ? 0 : 1)),
      );
  }
  return masks;
}

/** Groups of the tensors whose weights share a few values. */
export function groupsOf(weights: ReadonlyMap<string, Float32Array>): Map<string, Int32Array> {
  const found = new Map<string, Int32Array>();
  for (const [name, values] of weights) {
    const numbers = new Map<number, number>();
    const groups = new Int32Array(values.length);
    let members = 0;
    for (let at = 0; at < values.length && numbers.size <= mostShared; at++) {
      const value = values[at] ?? 0;
      if (value === 0) {
        groups[at] = -1;
        continue;
      }
      members++;
      let group = numbers.get(value);
      if (group === undefined) {
        group = numbers.size;
        numbers.set(value, group);
      }
      groups[at] = group;
    }
    const isShared = numbers.size > 1 && numbers.size <= mostShared && members >= leastMembers * numbers.size;
    if (isShared) found.set(name, groups);
  }
  return found;
}

/**
 * What is done to gradients before an update: those of zeros that stay are dropped, and all weights of a group get the
 * sum of theirs, which is the gradient of the value that they share (Han, Mao and Dally 2016, §3.3). Equal weights with
 * equal gradients and equal moments stay equal to the bit.
 */
export function projection({ masks, groups }: Held): TrainerOptions["project"] {
  if (masks.size === 0 && groups.size === 0) return undefined;
  const sums = new Map([...groups].map(([name, group]) => [name, new Float64Array(1 + largest(group))]));
  return (memory, lane) => {
    if (memory.has("mask")) memory.kernels.multiply(memory.start(lane), memory.start("mask"), memory.length);
    for (const [name, group] of groups) {
      const sum = sums.get(name);
      if (sum === undefined || !memory.holds(name)) continue;
      const gradients = memory.view(lane, name);
      sum.fill(0);
      for (let at = 0; at < group.length; at++) {
        const of = group[at]!;
        if (of >= 0) sum[of]! += gradients[at]!;
      }
      for (let at = 0; at < group.length; at++) {
        const of = group[at]!;
        if (of >= 0) gradients[at] = sum[of]!;
      }
    }
  };
}

function largest(values: Int32Array): number {
  let most = -1;
  for (const value of values) if (value > most) most = value;
  return most;
}
