import { randomStream } from "#engine/evaluate/statistics/random.ts";
import { elementCount, formatShape } from "#engine/evaluate/tensors/tensor.ts";
import { cloneStructure } from "#engine/graph/clone.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import { makeNode } from "#engine/onnx/attributes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import type { FurtherLoss } from "#engine/train/losses/further.ts";
import { cosineDistance, perPlace } from "#engine/train/losses/imitation.ts";
import { meanSquaredError } from "#engine/train/losses/regression.ts";
import type { Change } from "../pass.ts";
import type { HiddenPair } from "../train.distill.schema.ts";

/** Inner values that are to become alike. */
export interface Matched {
  /** The student, with a projection behind each value that is narrower or wider than the teacher's. */
  readonly model: Model;
  readonly losses: readonly FurtherLoss[];
  readonly changes: readonly Change[];
}

type Dims = readonly number[];

/** Keeps the random numbers of projections apart from those of a network that is built with the same seed. */
const projectionStream = 0x9e37_79b1;

/** Whether every value that a list names is made by a node of the main graph; else the first that is not. */
export function missingValue({ graph }: Model, names: readonly string[]): string | undefined {
  const made = new Set(graph.node.flatMap(({ output }) => output));
  return names.find((name) => !made.has(name));
}

/**
 * The losses that make inner values of a student like those of a teacher: one minus the cosine (Sanh et al. 2019), or the
 * squared distance, between the rows of both. A row is the last axis of a matrix or of the states of a sequence, and the
 * channels at each place of an image. Where the widths differ, the student's rows pass through a matrix that is trained
 * with it (Romero et al. 2015) and is no part of what is exported.
 *
 * @param student not changed
 * @param studentDims shapes of an item's values, in the order of the pairs, as `teacherDims`
 * @param batch items of a step
 * @returns the reason where two shapes differ in more than their widths
 */
export function matchHidden(
  student: Model,
  pairs: readonly HiddenPair[],
  studentDims: readonly Dims[],
  teacherDims: readonly Dims[],
  { batch, seed }: { readonly batch: number; readonly seed: number },
): Matched | EngineRemark {
  if (pairs.length === 0) return { model: student, losses: [], changes: [] };
  const model = cloneStructure(student);
  const unique = uniqueNames(model);
  const losses: FurtherLoss[] = [];
  const changes: Change[] = [];
  for (const [at, pair] of pairs.entries()) {
    const [ours = [], theirs = []] = [studentDims[at], teacherDims[at]];
    const axis = featureAxis(ours);
    if (axis === undefined || !areAlike(ours, theirs, axis))
      return say("train-distill.hiddenShapes", {
        student: pair.student,
        teacher: pair.teacher,
        studentShape: formatShape(ours),
        teacherShape: formatShape(theirs),
      });
    const [from = 0, to = 0] = [ours[axis], theirs[axis]];
    const isOnChannels = ours.length > 2;
    const value = from === to ? pair.student : unique(`${pair.student}_projected`);
    if (from !== to) {
      const how = {
        value,
        weight: unique(`${pair.student}_projection`),
        from,
        to,
        rank: ours.length,
        seed: Math.imul(seed + at + 1, projectionStream),
      };
      project(model, pair.student, how);
    }
    const compare = pair.loss === "cosine" ? cosineDistance : meanSquaredError;
    const nodes = isOnChannels ? perPlace(compare) : compare;
    losses.push({ value, weight: pair.weight, dims: [batch, ...theirs], nodes });
    const what =
      from === to
        ? say("train-distill.matched", { teacher: pair.teacher })
        : say("train-distill.projected", { teacher: pair.teacher, from, to });
    changes.push({ name: pair.student, what });
  }
  return { model, losses, changes };
}

/** Which axis of an item's values is their width: the only one, the last one of a sequence, the channels of an image. */
function featureAxis({ length }: Dims): number | undefined {
  if (length === 0) return undefined;
  return length > 2 ? 0 : length - 1;
}

function areAlike(ours: Dims, theirs: Dims, axis: number): boolean {
  return ours.length === theirs.length && ours.every((size, at) => at === axis || size === theirs[at]);
}

interface Projection {
  /** What it makes. */
  readonly value: string;
  /** Name of its matrix. */
  readonly weight: string;
  readonly from: number;
  readonly to: number;
  /** Axes of an item. */
  readonly rank: number;
  readonly seed: number;
}

/** Appends a matrix behind a value, or a kernel of one place behind an image, uniform in ±√(6 / (from + to)). */
function project(model: Model, source: string, { value, weight, from, to, rank, seed }: Projection): void {
  const random = randomStream(seed);
  const bound = Math.sqrt(6 / (from + to));
  const isOnChannels = rank > 2;
  const dims = isOnChannels ? [to, from, ...Array.from({ length: rank - 1 }, () => 1)] : [from, to];
  const data = Float32Array.from({ length: elementCount(dims) }, () => (2 * random.uniform() - 1) * bound);
  model.graph.initializer.push(makeTensor(weight, "float32", dims, data));
  model.graph.node.push(
    makeNode(isOnChannels ? "Conv" : "MatMul", [source, weight], [value], { name: value }),
  );
}
