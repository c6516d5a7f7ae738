import { type Box, type PlacedLabel, placeLabels } from "#components/chart/place-labels.ts";
import { needsLog, type Scale, scaleOf } from "#components/chart/scale.ts";
import { betterOf } from "#contracts/metric.ts";
import { placeWords, startPlace, type WordsPlace } from "./budget-words.ts";
import { lineOf, type Plot, type PlotPoint } from "./plot.ts";

/** The picture in pixels: everything is known here, so that labels, budget line and brush need not ask the library. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly area: Box;
  readonly x: Scale;
  readonly y: Scale;
  /** The stepped line as [cost, quality]. */
  readonly line: readonly [number, number][];
  readonly labels: readonly PlacedLabel[];
  /** Where the budget line's words stand. */
  readonly budgetWords: WordsPlace;
}

export const margins = { left: 62, right: 18, top: 14, bottom: 50 } as const;
export const labelSize = 12;

/** With more points than this only those that matter have names and intervals. */
export const crowd = 40;
const mostNamed = 6;

const boundsOf = (point: PlotPoint) => [point.quality, ...(point.qualityBounds ?? [])];

/** Where everything stands. `budget` is the quality at the budget line, which is always in the picture, and its words. */
export function layoutOf(
  plot: Plot,
  about: {
    width: number;
    height: number;
    quality: string;
    budget: { readonly level: number; readonly words: string } | null;
    selected: string | null;
  },
): Layout {
  const { width, height, quality, budget, selected } = about;
  const area: Box = {
    x: margins.left,
    y: margins.top,
    width: Math.max(40, width - margins.left - margins.right),
    height: Math.max(40, height - margins.top - margins.bottom),
  };
  const costs = plot.points.flatMap((point) => [point.cost, ...(point.costBounds ?? [])]);
  const isLog = needsLog(costs);
  // Energy is stored in kWh and shown in joules where it is small.
  const shownAs = plot.unit === "kWh" && Math.max(...costs) < 1e-3 ? 3.6e6 : 1;
  const x = scaleOf(costs, { from: area.x, to: area.x + area.width, isLog, padding: 0.09, shownAs });
  const [bottom, top] = [area.y + area.height, area.y];
  const isHigher = betterOf(quality) !== "lower";
  const levels = [...plot.points.flatMap(boundsOf), ...(budget ? [budget.level] : [])];
  // Better is up, also for errors and losses.
  const y = scaleOf(levels, {
    from: isHigher ? bottom : top,
    to: isHigher ? top : bottom,
    padding: 0.08,
    ticks: 4,
  });
  const line = lineOf(plot, x.max);
  const marks = obstaclesOf(plot, line, x, y);
  const around = { area, obstacles: marks, fontSize: labelSize };
  const at = budget && y.toPixel(budget.level);
  const words = budget && at !== null ? placeWords(budget.words, at, around) : null;
  const onLine = at === null ? [] : [{ x: area.x, y: at - 2, width: area.width, height: 4 }];
  const labels = placeLabels(requestsOf(plot, x, y, selected), {
    ...around,
    obstacles: [...marks, ...onLine, ...(words ? [words.box] : [])],
  });
  return { width, height, area, x, y, line, labels, budgetWords: words?.place ?? startPlace };
}

/** Names of the selected run, the baseline and the frontier; then of as many others as find room. */
function requestsOf(plot: Plot, x: Scale, y: Scale, selected: string | null) {
  const rank = (point: PlotPoint) =>
    point.id === selected ? 0 : point.isBaseline ? 1 : point.standing === "frontier" ? 2 : 3;
  const isCrowd = plot.points.length > crowd;
  // A name for every point of a long frontier would hide it: a few along its way say where it leads.
  const every = Math.ceil(plot.frontier.length / mostNamed);
  const named = new Set(plot.frontier.filter((_, index) => index % every === 0).map((point) => point.id));
  return plot.points
    .filter((point) => !isCrowd || rank(point) < 2 || named.has(point.id))
    .toSorted((one, other) => rank(one) - rank(other))
    .map((point) => ({
      id: point.id,
      text: point.name,
      x: x.toPixel(point.cost),
      y: y.toPixel(point.quality),
    }));
}

function obstaclesOf(plot: Plot, line: readonly [number, number][], x: Scale, y: Scale): Box[] {
  const boxes: Box[] = [];
  for (const point of plot.points) {
    const [px, py] = [x.toPixel(point.cost), y.toPixel(point.quality)];
    boxes.push({ x: px - 6, y: py - 6, width: 12, height: 12 });
    if (point.qualityBounds) {
      const [one, other] = point.qualityBounds.map(y.toPixel);
      boxes.push(spanning(px, one ?? py, px, other ?? py));
    }
  }
  line.forEach((corner, index) => {
    const next = line[index + 1];
    if (next)
      boxes.push(
        spanning(x.toPixel(corner[0]), y.toPixel(corner[1]), x.toPixel(next[0]), y.toPixel(next[1])),
      );
  });
  return boxes;
}

function spanning(x1: number, y1: number, x2: number, y2: number): Box {
  return {
    x: Math.min(x1, x2) - 2,
    y: Math.min(y1, y2) - 2,
    width: Math.abs(x2 - x1) + 4,
    height: Math.abs(y2 - y1) + 4,
  };
}
