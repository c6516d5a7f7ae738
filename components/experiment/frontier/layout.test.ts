import { describe, expect, it } from "vitest";
import { overlaps, textWidth } from "#components/chart/place-labels.ts";
import { labelSize, layoutOf } from "./layout.ts";
import type { Plot, PlotPoint } from "./plot.ts";

const point = (id: string, cost: number, quality: number, rest: Partial<PlotPoint> = {}): PlotPoint => ({
  id,
  number: 2,
  name: id,
  isBaseline: false,
  quality,
  cost,
  qualityBounds: [quality - 0.003, quality + 0.003],
  costBounds: null,
  standing: "frontier",
  ...rest,
});

const points = [
  point("deep-compression", 41_000, 0.978),
  point("prune-magnitude 90% + cluster", 62_000, 0.9793),
  point("distilled student", 115_000, 0.9808),
  point("int8-dynamic", 270_000, 0.9802, { standing: "dominated" }),
  point("baseline", 1_070_000, 0.9821, { isBaseline: true }),
];
const plot: Plot = {
  points,
  frontier: points.filter((one) => one.standing === "frontier"),
  baseline: points.at(-1),
  tiers: ["metered"],
  unit: "B",
  qualityUnit: "fraction",
  missing: 0,
};
const about = {
  width: 800,
  height: 300,
  quality: "quality/top1@test",
  budget: { level: 0.9771, words: "budget −0.5 points" },
  selected: null,
};

describe("layoutOf", () => {
  it("puts better up and cheaper left", () => {
    const { x, y } = layoutOf(plot, about);
    expect(y.toPixel(0.98)).toBeLessThan(y.toPixel(0.97));
    expect(x.toPixel(41_000)).toBeLessThan(x.toPixel(1_070_000));
    expect(x.isLog).toBe(true);
    const rmse = layoutOf(plot, { ...about, quality: "quality/rmse@test" }).y;
    expect(rmse.toPixel(0.98)).toBeGreaterThan(rmse.toPixel(0.97));
  });

  it("keeps the budget line in the picture", () => {
    const { y, area } = layoutOf(plot, { ...about, budget: { level: 0.9, words: "" } });
    expect(y.toPixel(0.9)).toBeLessThan(area.y + area.height);
  });

  it("names what it names without overlap, and the selected run first", () => {
    const { labels } = layoutOf(plot, { ...about, width: 420, selected: "int8-dynamic" });
    expect(labels[0]?.id).toBe("int8-dynamic");
    const boxes = labels.map(({ left, middle, text }) => ({
      x: left,
      y: middle - 7,
      width: textWidth(text, labelSize),
      height: 14,
    }));
    boxes.forEach((box, index) => {
      expect(boxes.slice(index + 1).some((other) => overlaps(box, other))).toBe(false);
    });
  });

  it("has a place for nothing", () => {
    const empty = { ...plot, points: [], frontier: [], baseline: undefined };
    expect(layoutOf(empty, { ...about, budget: null }).line).toEqual([]);
  });
});
