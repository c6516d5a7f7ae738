import { roundHalfEven } from "#engine/onnx/floats.ts";
import type { Group } from "./groups.ts";
import type { Axis, Units } from "./units.ts";

export interface Selection {
  readonly scope: "layer" | "global";
  readonly ratio: number;
  readonly minUnits: number;
  readonly roundTo: number;
}

interface Ranked {
  readonly unit: number;
  readonly group: Group;
  readonly score: number;
}

/**
 * Counts what is left of every axis, so that none becomes empty: the halves of a Split, for example, share a layer but
 * each needs a unit of its own.
 */
class Remaining {
  readonly #left: number[] = [];
  readonly #axes = new Map<number, number[]>();

  constructor(units: Units, axes: Iterable<Axis>) {
    const seen = new Set<string>();
    for (const axis of axes) {
      if (axis.some((position) => units.lockOf(position) !== undefined)) continue;
      const members = new Set(Array.from(axis, (position) => units.find(position)));
      const key = members.size <= 4096 ? [...members].join() : "";
      if (key !== "" && seen.has(key)) continue;
      seen.add(key);
      const place = this.#left.push(members.size) - 1;
      for (const unit of members) {
        const list = this.#axes.get(unit);
        if (list === undefined) this.#axes.set(unit, [place]);
        else list.push(place);
      }
    }
  }

  /** False where an axis would be left with nothing. */
  take(unit: number): boolean {
    const places = this.#axes.get(unit) ?? [];
    if (places.some((place) => (this.#left[place] ?? 0) <= 1)) return false;
    for (const place of places) this.#left[place] = (this.#left[place] ?? 0) - 1;
    return true;
  }
}

/**
 * Chooses the units to remove: the least important first, of equal ones the last. Of n units k = max(round(n·(1 − r)),
 * min_units) stay, in each group or in all together; then each group gets units back until a multiple of `roundTo`
 * stays. Across groups importance is divided by the group's mean, as weights of different layers differ in scale
 * (the default of Torch-Pruning, which goes with DepGraph).
 */
export function chooseUnits(
  groups: readonly Group[],
  importance: ReadonlyMap<number, number>,
  units: Units,
  axes: Iterable<Axis>,
  selection: Selection,
): Set<number> {
  const remaining = new Remaining(units, axes);
  const ranked = groups.flatMap((group) => rank(group, importance));
  const quotas = new Map<Group, number>();
  let total = Number.POSITIVE_INFINITY;
  for (const group of groups) {
    const count = group.units.length;
    const most = Math.max(0, count - Math.max(1, selection.minUnits - group.fixed));
    const share = count - roundHalfEven(count * (1 - selection.ratio));
    quotas.set(group, selection.scope === "layer" ? Math.min(most, share) : most);
  }
  if (selection.scope === "global") total = roundHalfEven(ranked.length * selection.ratio);
  ranked.sort((a, b) => a.score - b.score || b.unit - a.unit);
  const removed = new Map<Group, number[]>(groups.map((group) => [group, []]));
  for (const { unit, group } of ranked) {
    if (total <= 0) break;
    const list = removed.get(group) ?? [];
    if (list.length >= (quotas.get(group) ?? 0) || !remaining.take(unit)) continue;
    list.push(unit);
    total--;
  }
  return new Set(groups.flatMap((group) => rounded(group, removed.get(group) ?? [], selection.roundTo)));
}

function rank(group: Group, importance: ReadonlyMap<number, number>): Ranked[] {
  const scores = group.units.map((unit) => importance.get(unit) ?? 0);
  const finite = scores.filter(Number.isFinite);
  const mean = finite.reduce((sum, score) => sum + score, 0) / Math.max(1, finite.length);
  return group.units.map((unit, at) => ({ unit, group, score: (scores[at] ?? 0) / (mean || 1) }));
}

/** Gives back the most important of what was taken, until a multiple stays or nothing is taken. */
function rounded(group: Group, removed: readonly number[], multiple: number): number[] {
  const list = [...removed];
  while (list.length > 0 && (group.units.length + group.fixed - list.length) % multiple !== 0) list.pop();
  return list;
}
