import type { EChartsCoreOption } from "echarts/core";
import type { ChartTheme } from "#components/chart/use-chart-theme.ts";
import { colourIndex } from "#components/run/colour.ts";
import { seriesSymbol } from "#components/theme/series.ts";
import { crowd, type Layout, labelSize } from "./layout.ts";
import type { Plot, PlotPoint } from "./plot.ts";

export interface Words {
  readonly xName: string;
  readonly yName: string;
  readonly xTick: (value: number) => string;
  readonly yTick: (value: number) => string;
  /** Lines of a point's tooltip. */
  readonly tooltip: (id: string) => readonly string[];
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** What ECharts is to draw. Logarithms are taken here, because its own logarithmic axis knows only powers of ten. */
export function optionOf(
  plot: Plot,
  layout: Layout,
  theme: ChartTheme,
  words: Words,
  selected: string | null,
): EChartsCoreOption {
  const { x, y, area } = layout;
  const along = (cost: number) => (x.isLog ? Math.log10(cost) : cost);
  const axis = {
    type: "value",
    nameLocation: "middle",
    nameTextStyle: { color: theme.dimmed, fontSize: 12 },
    axisLine: { show: false },
    axisTick: { show: false },
  } as const;
  const tickStyle = { color: theme.dimmed, fontSize: 12, hideOverlap: true } as const;
  const yIsDown = y.toPixel(y.min) < y.toPixel(y.max);
  return {
    animationDuration: 250,
    animationDurationUpdate: 250,
    aria: { enabled: false },
    textStyle: { fontFamily: theme.font },
    grid: { left: area.x, top: area.y, width: area.width, height: area.height, containLabel: false },
    xAxis: {
      ...axis,
      name: words.xName,
      nameGap: 30,
      min: along(x.min),
      max: along(x.max),
      axisLabel: {
        ...tickStyle,
        customValues: x.ticks.map(along),
        formatter: (value: number) => words.xTick(x.isLog ? 10 ** value : value),
      },
      splitLine: { show: false },
    },
    yAxis: {
      ...axis,
      name: words.yName,
      nameGap: 46,
      min: y.min,
      max: y.max,
      inverse: yIsDown,
      interval: (y.ticks[1] ?? y.max) - (y.ticks[0] ?? y.min),
      axisLabel: { ...tickStyle, customValues: [...y.ticks], formatter: words.yTick },
      splitLine: { show: false },
    },
    tooltip: {
      trigger: "item",
      confine: true,
      transitionDuration: 0,
      backgroundColor: theme.surface,
      borderColor: theme.border,
      textStyle: { color: theme.text, fontSize: 12 },
      extraCssText: "box-shadow: var(--mantine-shadow-md); border-radius: 6px;",
      formatter: (params: { data?: { id?: string } }) => {
        const [head = "", ...lines] = words.tooltip(params.data?.id ?? "");
        return `<strong>${escaped(head)}</strong>${lines.map((line) => `<br>${escaped(line)}`).join("")}`;
      },
    },
    series: [
      gridSeries(layout, theme, along),
      {
        id: "frontier",
        type: "line",
        data: layout.line.map(([cost, quality]) => [along(cost), quality]),
        symbol: "none",
        silent: true,
        z: 2,
        lineStyle: { color: theme.accent, width: 1.75 },
      },
      barSeries(plot, theme, along, layout, selected),
      {
        id: "points",
        type: "scatter",
        z: 4,
        cursor: "pointer",
        // What matters is drawn last, so that nothing covers it.
        data: plot.points
          .toSorted((one, other) => depth(one, selected) - depth(other, selected))
          .map((point) => pointItem(point, theme, along, point.id === selected)),
      },
      labelSeries(plot, layout, theme, selected, along),
    ],
  };
}

/** Horizontal grid lines at our own ticks. */
function gridSeries({ x, y }: Layout, theme: ChartTheme, along: (cost: number) => number) {
  return {
    id: "grid",
    type: "custom",
    silent: true,
    z: 0,
    data: y.ticks.map((tick) => [along(x.min), tick]),
    renderItem: (
      _: unknown,
      api: { value: (dimension: number) => number; coord: (at: number[]) => number[] },
    ) => {
      const [x1, py] = api.coord([along(x.min), api.value(1)]);
      const [x2] = api.coord([along(x.max), api.value(1)]);
      return { type: "line", shape: { x1, y1: py, x2, y2: py }, style: { stroke: theme.grid, lineWidth: 1 } };
    },
  };
}

function colourOf(point: PlotPoint, theme: ChartTheme): string {
  const index = colourIndex(point);
  return index === null ? theme.text : theme.series(index);
}

/** Dominated points are faint, yet still to be seen. */
const opacityOf = (point: PlotPoint, selected: boolean) =>
  selected || point.standing === "frontier" || point.isBaseline ? 1 : 0.42;

const depth = (point: PlotPoint, selected: string | null) =>
  point.id === selected ? 3 : point.isBaseline ? 2 : point.standing === "frontier" ? 1 : 0;

function pointItem(
  point: PlotPoint,
  theme: ChartTheme,
  along: (cost: number) => number,
  isSelected: boolean,
) {
  const colour = colourOf(point, theme);
  const isHollow = point.isBaseline || point.standing === "apart";
  const index = colourIndex(point);
  return {
    id: point.id,
    value: [along(point.cost), point.quality],
    symbol: index === null ? "diamond" : seriesSymbol(index),
    symbolSize: point.isBaseline ? 14 : isSelected ? 13 : 9,
    itemStyle: {
      color: isHollow ? theme.surface : colour,
      borderColor: isHollow ? colour : theme.surface,
      borderWidth: isHollow ? 1.6 : 1.2,
      borderType: point.standing === "apart" ? "dashed" : "solid",
      opacity: opacityOf(point, isSelected),
    },
  };
}

/** Intervals as thin bars: upright for quality, level for a cost that has one. */
function barSeries(
  plot: Plot,
  theme: ChartTheme,
  along: (cost: number) => number,
  { x }: Layout,
  selected: string | null,
) {
  const shown = plot.points.filter((point) => plot.points.length <= crowd || depth(point, selected) > 0);
  const bars = shown.flatMap((point) => {
    const style = { colour: colourOf(point, theme), opacity: 0.8 * opacityOf(point, false) };
    const upright = point.qualityBounds?.map((quality) => [along(point.cost), quality]);
    const level = point.costBounds
      ?.map((cost) => Math.min(Math.max(cost, x.min), x.max))
      .map((cost) => [along(cost), point.quality]);
    return [upright, level].flatMap((ends) => (ends ? [{ ends, ...style }] : []));
  });
  return {
    id: "intervals",
    type: "custom",
    silent: true,
    clip: true,
    z: 3,
    data: bars.map(({ ends }) => ends[0]),
    renderItem: (params: { dataIndex: number }, api: { coord: (at: number[]) => number[] }) => {
      const bar = bars[params.dataIndex];
      if (!bar) return undefined;
      const [from = [], to = []] = bar.ends;
      const [x1, y1] = api.coord(from);
      const [x2, y2] = api.coord(to);
      const style = { stroke: bar.colour, lineWidth: 1.5, opacity: bar.opacity };
      return { type: "line", shape: { x1, y1, x2, y2 }, style };
    },
  };
}

/** Direct labels where the layout found room for them. */
function labelSeries(
  plot: Plot,
  layout: Layout,
  theme: ChartTheme,
  selected: string | null,
  along: (cost: number) => number,
) {
  const points = new Map(plot.points.map((point) => [point.id, point]));
  return {
    id: "labels",
    type: "custom",
    silent: true,
    z: 5,
    data: layout.labels.map(({ id }) => {
      const point = points.get(id);
      return [along(point?.cost ?? 0), point?.quality ?? 0];
    }),
    renderItem: (params: { dataIndex: number }) => {
      const label = layout.labels[params.dataIndex];
      const point = label && points.get(label.id);
      if (!label || !point) return undefined;
      const isQuiet = point.standing !== "frontier" && point.id !== selected;
      return {
        type: "text",
        x: label.left,
        y: label.middle,
        style: {
          text: label.text,
          fill: isQuiet || point.isBaseline ? theme.dimmed : theme.text,
          fontSize: labelSize,
          fontWeight: point.id === selected ? 650 : 400,
          fontFamily: theme.font,
          verticalAlign: "middle",
        },
      };
    },
  };
}
