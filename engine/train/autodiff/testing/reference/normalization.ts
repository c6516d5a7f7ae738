import { floatAttribute, smallIntAttribute } from "#engine/onnx/attributes.ts";
import { fromFront, sizeOf } from "../../operand.ts";
import { build, type NdArray, valueAt } from "../array.ts";
import type { RuleCase } from "../case.ts";
import type { Reference } from "../finite.ts";
import { nodeOf } from "./matrix.ts";

const epsilonOf = (rule: RuleCase) => floatAttribute(nodeOf(rule), "epsilon") ?? 1e-5;

/** Rows with mean 0 (where centred) and mean square 1. */
function normalizeRows({ dims, data }: NdArray, rows: number, epsilon: number, isCentred = true): NdArray {
  const size = data.length / rows;
  const out = data.slice();
  for (let row = 0; row < rows; row++) {
    const part = out.subarray(row * size, (row + 1) * size);
    const mean = isCentred ? part.reduce((a, b) => a + b, 0) / size : 0;
    const square = part.reduce((sum, value) => sum + (value - mean) ** 2, 0) / size;
    part.forEach((value, at) => {
      part[at] = (value - mean) / Math.sqrt(square + epsilon);
    });
  }
  return { dims, data: out };
}

function alongLastAxes(isCentred: boolean): Reference {
  return ([x, scale, bias], rule) => {
    if (!x || !scale) return [];
    const first = fromFront(smallIntAttribute(nodeOf(rule), "axis") ?? -1, x.dims.length);
    const normal = normalizeRows(x, sizeOf(x.dims.slice(0, first)), epsilonOf(rule), isCentred);
    return [
      build(
        x.dims,
        (index) => valueAt(normal, index) * valueAt(scale, index) + (bias ? valueAt(bias, index) : 0),
      ),
    ];
  };
}

export const layerNormalizationReference = alongLastAxes(true);
export const rmsNormalizationReference = alongLastAxes(false);

/** Instances are groups of one channel. */
export const groupNormalizationReference: Reference = ([x, scale, bias], rule) => {
  if (!x || !scale || !bias) return [];
  const [batch = 1, channels = 1] = x.dims;
  const groups = smallIntAttribute(nodeOf(rule), "num_groups") ?? channels;
  const normal = normalizeRows(x, batch * groups, epsilonOf(rule));
  const each = channels / scale.data.length;
  return [
    build(x.dims, (index) => {
      const owner = [Math.floor((index[1] ?? 0) / each)];
      return valueAt(normal, index) * valueAt(scale, owner) + valueAt(bias, owner);
    }),
  ];
};

/** By the statistics given, or in training by those of the batch. */
export const batchNormalizationReference: Reference = ([x, scale, bias, mean, variance], rule) => {
  if (!x || !scale || !bias || !mean || !variance) return [];
  const epsilon = epsilonOf(rule);
  const isTraining = smallIntAttribute(nodeOf(rule), "training_mode") === 1;
  const [m, v] = isTraining ? batchStatistics(x) : [mean.data, variance.data];
  return [
    build(x.dims, (index) => {
      const c = index[1] ?? 0;
      const normal = (valueAt(x, index) - (m[c] ?? 0)) / Math.sqrt((v[c] ?? 0) + epsilon);
      return normal * (scale.data[c] ?? 0) + (bias.data[c] ?? 0);
    }),
  ];
};

/** Mean and variance (of the population) of each channel. */
export function batchStatistics({ dims, data }: NdArray): [Float64Array, Float64Array] {
  const [, channels = 1, ...spatial] = dims;
  const size = sizeOf(spatial);
  const count = data.length / channels;
  const [mean, variance] = [new Float64Array(channels), new Float64Array(channels)];
  const channelOf = (at: number) => Math.floor(at / size) % channels;
  data.forEach((value, at) => {
    mean[channelOf(at)] = (mean[channelOf(at)] ?? 0) + value / count;
  });
  data.forEach((value, at) => {
    const c = channelOf(at);
    variance[c] = (variance[c] ?? 0) + (value - (mean[c] ?? 0)) ** 2 / count;
  });
  return [mean, variance];
}
