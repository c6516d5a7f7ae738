"use client";

import { useLocale, useTranslations } from "next-intl";
import { useMemo } from "react";
import { useMetricText } from "#components/run/use-metric-text.ts";
import { betterOf } from "#contracts/metric.ts";
import type { Layout } from "./layout.ts";
import type { Words } from "./option.ts";
import type { Plot, PlotPoint } from "./plot.ts";
import { tickText } from "./tick-text.ts";

/** Points that a summary names: more than a listener keeps in mind. */
const mostNamed = 12;

export interface FrontierText {
  /** Axes, ticks and tooltips; `titleOf` is the first line of a point's tooltip. */
  readonly words: (plot: Plot, layout: Layout, titleOf: (point: PlotPoint) => string) => Words;
  /** The points on the frontier, each with its two values, for those who do not see the picture. */
  readonly best: (plot: Plot) => string;
}

/** What a picture of quality against cost says, in the reader's language. */
export function useFrontierText(quality: string, cost: string): FrontierText {
  const t = useTranslations("experiment.frontier");
  const tiers = useTranslations("common.tier");
  const common = useTranslations("common");
  const locale = useLocale();
  const text = useMetricText();
  return useMemo(() => {
    const ranged = (value: number, bounds: readonly [number, number] | null, unit: string) => {
      const range = bounds && ` [${text.quantity(bounds[0], unit)}, ${text.quantity(bounds[1], unit)}]`;
      return `${text.quantity(value, unit)}${range ?? ""}`;
    };
    const tooltip = (plot: Plot, { quality: value, qualityBounds, ...point }: PlotPoint) => [
      common("labelled", { name: text.name(quality), value: ranged(value, qualityBounds, plot.qualityUnit) }),
      common("labelled", {
        name: text.name(cost),
        value: ranged(point.cost, point.costBounds, plot.unit),
      }),
      t(`standings.${point.standing}`),
    ];
    return {
      words: (plot, layout, titleOf) => {
        // An axis says how its values came to be, and that it is logarithmic.
        const marks = [...plot.tiers.map((tier) => tiers(tier)), ...(layout.x.isLog ? [t("log")] : [])];
        return {
          xName: t("axis", { name: text.name(cost), marks: marks.join(t("comma")) }),
          yName:
            betterOf(quality) === "lower" ? t("axisLower", { name: text.name(quality) }) : text.name(quality),
          xTick: (value) => text.quantity(value, plot.unit),
          yTick: (value) => tickText(value, layout.y.ticks, plot.qualityUnit, locale),
          tooltip: (id) => {
            const point = plot.points.find((one) => one.id === id);
            return point ? [titleOf(point), ...tooltip(plot, point)] : [];
          },
        };
      },
      best: (plot) =>
        plot.frontier
          .slice(0, mostNamed)
          .map((point) => {
            const values = [
              text.quantity(point.quality, plot.qualityUnit),
              text.quantity(point.cost, plot.unit),
            ];
            return t("axis", { name: point.name, marks: values.join(t("comma")) });
          })
          .join(t("semicolon")),
    };
  }, [quality, cost, t, tiers, common, locale, text]);
}
