import type { TrainingGraph } from "#engine/train/graph/training-graph.ts";
import type { Lane, TrainingMemory } from "#engine/train/optimizers/memory.ts";
import type { TrainPruneOptions } from "../train.prune.schema.ts";
import { type MaskedGroup, remask } from "./masking.ts";
import { PruningSchedule } from "./schedule.ts";

/** A set of tensors that share one share of zeros. */
export interface PruneGroup {
  readonly names: readonly string[];
  readonly sparsity: number;
}

/** Which tensors are pruned, and how far: named ones each on its own, the others together or one by one. */
export function pruneGroups(
  names: readonly string[],
  { sparsity, scope, layers = {} }: Pick<TrainPruneOptions, "sparsity" | "scope" | "layers">,
): PruneGroup[] {
  const own = new Map(Object.entries(layers));
  const others = names.filter((name) => !own.has(name));
  const single = names.flatMap((name) => {
    const given = own.get(name);
    return given === undefined ? [] : [{ names: [name], sparsity: given }];
  });
  const rest =
    scope === "layer" ? others.map((name) => ({ names: [name], sparsity })) : [{ names: others, sparsity }];
  return [...single, ...rest].filter((group) => group.names.length > 0 && group.sparsity > 0);
}

/**
 * Prunes while the weights are trained. Its hook runs before each update, while the gradients are those of all weights,
 * the zeros included: so it can see which zeros the loss would move.
 *
 * @param total updates of the training
 * @param onPruned told the share of zeros after each pruning
 */
export function pruner(
  groups: readonly PruneGroup[],
  options: TrainPruneOptions,
  total: number,
  onPruned: (updates: number, share: number) => void,
): (memory: TrainingMemory, gradients: Lane, updates: number) => void {
  const schedule = new PruningSchedule(options, total);
  return (memory, lane, updates) => {
    if (schedule.isDue(updates)) {
      for (const group of groups) {
        const { sparsity } = group;
        remask(masked(group, memory, lane), schedule.sparsity(updates, sparsity), schedule.regrown(updates));
      }
      memory.kernels.multiply(memory.start("weights"), memory.start("mask"), memory.length);
      onPruned(updates + 1, zeroShare(groups, memory));
    }
    memory.kernels.multiply(memory.start(lane), memory.start("mask"), memory.length);
  };
}

function masked({ names, sparsity }: PruneGroup, memory: TrainingMemory, lane: Lane): MaskedGroup {
  const parts = names.map((name) => ({
    weights: memory.view("weights", name),
    gradients: memory.view(lane, name),
    mask: memory.view("mask", name),
  }));
  return { parts, sparsity };
}

function zeroShare(groups: readonly PruneGroup[], memory: TrainingMemory): number {
  let [zeros, count] = [0, 0];
  for (const name of groups.flatMap(({ names }) => names)) {
    const mask = memory.view("mask", name);
    count += mask.length;
    zeros += mask.reduce((sum, keep) => sum + (keep === 0 ? 1 : 0), 0);
  }
  return count === 0 ? 0 : zeros / count;
}

/** The groups as far as the training has their tensors. */
export function trainedGroups(
  groups: readonly PruneGroup[],
  { parameters }: Pick<TrainingGraph, "parameters">,
) {
  const known = new Set(parameters.map(({ name }) => name));
  return groups
    .map(({ names, sparsity }) => ({ names: names.filter((name) => known.has(name)), sparsity }))
    .filter(({ names }) => names.length > 0);
}
