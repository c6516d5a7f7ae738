"use client";

import { useComputedColorScheme } from "@mantine/core";
import { useMemo } from "react";
import { seriesColor } from "#components/theme/series.ts";
import { theme as pageTheme } from "#components/theme/theme.ts";

export interface ChartTheme {
  readonly scheme: "light" | "dark";
  readonly font: string;
  readonly text: string;
  readonly dimmed: string;
  readonly grid: string;
  readonly surface: string;
  readonly border: string;
  readonly accent: string;
  readonly budget: string;
  readonly series: (index: number) => string;
}

const light = {
  text: "#1b1d1a",
  dimmed: "#63665f",
  grid: "#ecece7",
  surface: "#ffffff",
  border: "#dcdcd6",
  accent: "#17623f",
  budget: "#8a5300",
};
const dark = {
  text: "#e8e9e5",
  dimmed: "#a0a39c",
  grid: "#2a2d2a",
  surface: "#1b1e1b",
  border: "#363a36",
  accent: "#5bbd88",
  budget: "#e3ad55",
};

/** The page's colours as values: a chart's library cannot read CSS variables. They equal those of app/global.css. */
export function useChartTheme(): ChartTheme {
  const scheme = useComputedColorScheme("light");
  return useMemo(
    () => ({
      scheme,
      font: pageTheme.fontFamily ?? "sans-serif",
      ...(scheme === "dark" ? dark : light),
      series: (index) => seriesColor(index, scheme),
    }),
    [scheme],
  );
}
