"use client";

import { useReducedMotion } from "@mantine/hooks";
import type { EChartsCoreOption, EChartsType } from "echarts/core";
import { type RefObject, useEffect, useRef, useState } from "react";
import styles from "./chart.module.css";

export interface ChartClick {
  readonly seriesId: string;
  /** `id` of the datum; empty where it has none. */
  readonly id: string;
}

export interface ChartProps {
  /** Whole option; replaces the one before. Keep it stable between renders. */
  readonly option: EChartsCoreOption;
  /** What a screen reader is told instead of the picture. */
  readonly summary: string;
  readonly onClick?: (click: ChartClick) => void;
}

const idOf = (data: unknown): string =>
  typeof data === "object" && data !== null && "id" in data ? String(data.id) : "";

/** A chart that fills its parent. The library is loaded when the first chart is shown. */
export function Chart({ option, summary, onClick }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useChart(host);
  const still = useReducedMotion();
  useEffect(() => {
    // In development effects run twice, the second time beside an instance that is gone.
    if (!chart || chart.isDisposed()) return;
    chart.setOption(
      { ...option, animation: !still && option.animation !== false },
      { notMerge: false, replaceMerge: ["series"] },
    );
  }, [chart, option, still]);
  useEffect(() => {
    if (!chart || chart.isDisposed() || !onClick) return;
    const listen = (event: { seriesId?: string; data?: unknown }) =>
      onClick({ seriesId: event.seriesId ?? "", id: idOf(event.data) });
    chart.on("click", listen);
    return () => {
      if (!chart.isDisposed()) chart.off("click", listen);
    };
  }, [chart, onClick]);
  return <div ref={host} className={styles.host} role="img" aria-label={summary} />;
}

function useChart(host: RefObject<HTMLDivElement | null>): EChartsType | undefined {
  const [chart, setChart] = useState<EChartsType>();
  useEffect(() => {
    let made: EChartsType | undefined;
    let isGone = false;
    const watch = new ResizeObserver(() => made?.resize());
    void import("./echarts.ts").then(({ init }) => {
      if (isGone || !host.current) return;
      made = init(host.current, null, { renderer: "svg" });
      watch.observe(host.current);
      setChart(made);
    });
    return () => {
      isGone = true;
      watch.disconnect();
      made?.dispose();
      setChart(undefined);
    };
  }, [host]);
  return chart;
}
