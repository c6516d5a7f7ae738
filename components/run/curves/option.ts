import type { EChartsCoreOption } from "echarts/core";
import type { ChartTheme } from "#components/chart/use-chart-theme.ts";
import type { Points } from "../live-state.ts";
import type { Course } from "./course.ts";
import { batchOfEpoch } from "./kept-batch.ts";

/** Places of the curves' colours in the palette: the same in picture, legend and table. */
export const colours = { train: 0, tuning: 2, accuracy: 3, zeros: 4 } as const;

export interface CurveWords {
  readonly loss: string;
  readonly share: string;
  readonly rate: string;
  readonly batches: string;
  /** Label of the line at the kept epoch. */
  readonly kept: string;
  readonly lossTick: (value: number) => string;
  readonly shareTick: (value: number) => string;
  readonly rateTick: (value: number) => string;
  readonly stepTick: (value: number) => string;
  /** A heading and lines. */
  readonly tooltip: (step: number) => { readonly head: string; readonly lines: readonly string[] };
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const pairs = ({ steps, values }: Points) => steps.map((step, at) => [step, values[at] ?? 0]);

/** Heights in pixels, from the top: loss, shares where there are any, and a strip for the learning rate. */
const margin = { left: 56, right: 18, top: 26, gap: 34, bottom: 40 } as const;
const heights = { loss: 190, share: 96, rate: 34 } as const;

export const hasShares = ({ tuningAccuracy, zeros }: Course) =>
  tuningAccuracy.values.length + zeros.values.length > 0;

export function heightOf(course: Course): number {
  const { top, gap, bottom } = margin;
  const shares = hasShares(course) ? heights.share + gap : 0;
  return top + heights.loss + gap + shares + heights.rate + bottom;
}

/**
 * What ECharts is to draw of a training, one below the other along the same batches.
 *
 * @param cursor batch that the reader looks at, by keyboard
 */
export function optionOf(
  course: Course,
  theme: ChartTheme,
  words: CurveWords,
  cursor: number | undefined,
): EChartsCoreOption {
  const shares = hasShares(course);
  const shareTop = margin.top + heights.loss + margin.gap;
  const rateTop = shareTop + (shares ? heights.share + margin.gap : 0);
  const grids = [
    { top: margin.top, height: heights.loss, name: words.loss, tick: words.lossTick },
    ...(shares ? [{ top: shareTop, height: heights.share, name: words.share, tick: words.shareTick }] : []),
    { top: rateTop, height: heights.rate, name: words.rate, tick: words.rateTick },
  ];
  const last = grids.length - 1;
  const kept = batchOfEpoch(course);
  return {
    animation: false,
    aria: { enabled: false },
    textStyle: { fontFamily: theme.font },
    grid: grids.map(({ top, height }) => ({
      top,
      height,
      left: margin.left,
      right: margin.right,
      containLabel: false,
    })),
    axisPointer: { link: [{ xAxisIndex: "all" }], lineStyle: { color: theme.dimmed, type: "solid" } },
    xAxis: grids.map((_, at) => ({
      type: "value",
      gridIndex: at,
      min: 0,
      max: Math.max(1, course.endStep),
      axisLine: { show: at === last, lineStyle: { color: theme.border } },
      axisTick: { show: false },
      splitLine: { show: false },
      splitNumber: 4,
      name: at === last ? words.batches : "",
      nameLocation: "middle",
      nameGap: 24,
      nameTextStyle: { color: theme.dimmed, fontSize: 12 },
      axisLabel: {
        show: at === last,
        color: theme.dimmed,
        fontSize: 12,
        hideOverlap: true,
        formatter: words.stepTick,
      },
    })),
    yAxis: grids.map(({ name, tick }, at) => ({
      type: "value",
      gridIndex: at,
      scale: at !== last,
      min: at === last ? 0 : undefined,
      splitNumber: at === 0 ? 4 : at === last ? 1 : 2,
      name,
      nameLocation: "end",
      nameGap: 8,
      nameTextStyle: { color: theme.dimmed, fontSize: 12, align: "left", padding: [0, 0, 0, -48] },
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        color: theme.dimmed,
        fontSize: 12,
        hideOverlap: true,
        showMinLabel: at !== last,
        formatter: tick,
      },
      splitLine: { show: at !== last, lineStyle: { color: theme.grid } },
    })),
    tooltip: {
      trigger: "axis",
      confine: true,
      transitionDuration: 0,
      backgroundColor: theme.surface,
      borderColor: theme.border,
      textStyle: { color: theme.text, fontSize: 12 },
      extraCssText: "box-shadow: var(--mantine-shadow-md); border-radius: 6px;",
      formatter: (params: readonly { axisValue?: number }[]) => {
        const { head, lines } = words.tooltip(Number(params[0]?.axisValue ?? 0));
        return `<strong>${escaped(head)}</strong>${lines.map((line) => `<br>${escaped(line)}`).join("")}`;
      },
    },
    series: [
      line("raw", 0, pairs(course.loss), theme.series(colours.train), { width: 1, opacity: 0.3 }),
      line(
        "smooth",
        0,
        pairs({ steps: course.loss.steps, values: course.smooth }),
        theme.series(colours.train),
        { width: 2 },
      ),
      dotted("tuning", 0, pairs(course.tuningLoss), theme.series(colours.tuning), "circle"),
      ...(shares
        ? [
            dotted("accuracy", 1, pairs(course.tuningAccuracy), theme.series(colours.accuracy), "rect"),
            line("zeros", 1, pairs(course.zeros), theme.series(colours.zeros), { width: 2, type: "dashed" }),
          ]
        : []),
      line("rate", last, pairs(course.rate), theme.dimmed, { width: 1.5 }),
      ...grids.flatMap((_, at) => [
        ...(kept === undefined
          ? []
          : [upright(`kept${at}`, at, kept, theme.text, at === 0 ? words.kept : "")]),
        ...(cursor === undefined ? [] : [upright(`cursor${at}`, at, cursor, theme.accent, "")]),
      ]),
    ],
  };
}

type Pairs = readonly (readonly number[])[];

function line(id: string, grid: number, data: Pairs, color: string, lineStyle: object) {
  return {
    id,
    type: "line",
    xAxisIndex: grid,
    yAxisIndex: grid,
    data,
    showSymbol: false,
    // The tooltip says the values; marks that grow under the pointer would say nothing more.
    emphasis: { disabled: true },
    lineStyle: { color, ...lineStyle },
    itemStyle: { color },
  };
}

/** Points of epochs, with a mark at each where they are few. */
function dotted(id: string, grid: number, data: Pairs, color: string, symbol: string) {
  return {
    ...line(id, grid, data, color, { width: 2 }),
    showSymbol: data.length <= 40,
    symbol,
    symbolSize: 5,
  };
}

/** An upright line through a grid. */
function upright(id: string, grid: number, step: number, color: string, label: string) {
  return {
    id,
    type: "line",
    xAxisIndex: grid,
    yAxisIndex: grid,
    data: [],
    silent: true,
    markLine: {
      silent: true,
      symbol: "none",
      animation: false,
      data: [{ xAxis: step }],
      lineStyle: { color, width: 1.2, type: label === "" && id.startsWith("cursor") ? "solid" : "dashed" },
      label: {
        show: label !== "",
        formatter: () => label,
        position: "end",
        distance: 4,
        color,
        fontSize: 12,
      },
    },
  };
}
