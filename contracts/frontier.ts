import type { Better } from "./metric.ts";

export interface FrontierPoint {
  readonly id: string;
  readonly quality: number;
  readonly cost: number;
}

/** Which way each of the two is better. */
export interface Aims {
  readonly quality: Better;
  readonly cost: Better;
}

export interface Frontier<Point extends FrontierPoint> {
  /** Points that no other dominates, the cheapest first. */
  readonly frontier: readonly Point[];
  /** All others, in the order given; each is dominated by a point of the frontier. */
  readonly dominated: readonly Point[];
}

const gain = (value: number, better: Better) => (better === "higher" ? value : -value);

/** True where `one` is at least as good as `other` in both and better in at least one. */
export function dominates(one: FrontierPoint, other: FrontierPoint, aims: Aims): boolean {
  const quality = gain(one.quality, aims.quality) - gain(other.quality, aims.quality);
  const cost = gain(one.cost, aims.cost) - gain(other.cost, aims.cost);
  return quality >= 0 && cost >= 0 && (quality > 0 || cost > 0);
}

/**
 * The Pareto frontier of points, in O(n log n): equal points dominate neither, so both stand on it. Points without
 * two finite numbers belong to neither list.
 */
export function frontierOf<Point extends FrontierPoint>(
  points: readonly Point[],
  aims: Aims,
): Frontier<Point> {
  const usable = points.filter((point) => Number.isFinite(point.quality) && Number.isFinite(point.cost));
  const ordered = usable.toSorted(
    (one, other) =>
      gain(other.cost, aims.cost) - gain(one.cost, aims.cost) ||
      gain(other.quality, aims.quality) - gain(one.quality, aims.quality),
  );
  const frontier: Point[] = [];
  for (const point of ordered) {
    const best = frontier.at(-1);
    // Cheaper points came before: this one needs to be better than all of them, or the last one's equal.
    if (
      !best ||
      gain(point.quality, aims.quality) > gain(best.quality, aims.quality) ||
      isEqual(point, best)
    ) {
      frontier.push(point);
    }
  }
  const chosen = new Set(frontier);
  return { frontier, dominated: usable.filter((point) => !chosen.has(point)) };
}

function isEqual(one: FrontierPoint, other: FrontierPoint): boolean {
  return one.quality === other.quality && one.cost === other.cost;
}

/**
 * Corners of the stepped line through a frontier, as [cost, quality]: for each cost the best quality that is to be
 * had for it, on to `until` (the far end of the cost axis).
 */
export function stepsOf(frontier: readonly FrontierPoint[], until: number): [number, number][] {
  const corners: [number, number][] = [];
  for (const point of frontier) {
    const before = corners.at(-1);
    if (before && before[0] !== point.cost) corners.push([point.cost, before[1]]);
    corners.push([point.cost, point.quality]);
  }
  const last = corners.at(-1);
  if (last && last[0] !== until) corners.push([until, last[1]]);
  return corners;
}
