"use client";

import { useElementSize } from "@mantine/hooks";
import { useTranslations } from "next-intl";
import { useCallback, useMemo, useState } from "react";
import { Chart, type ChartClick } from "#components/chart/chart.tsx";
import { useChartTheme } from "#components/chart/use-chart-theme.ts";
import { useMetricText } from "#components/run/use-metric-text.ts";
import { useRecipeName } from "#components/run/use-recipe-name.ts";
import { AsTableButton } from "#components/ui/as-table-button.tsx";
import { Panel } from "#components/ui/panel.tsx";
import styles from "./frontier.module.css";
import { FrontierTable } from "./frontier-table.tsx";
import { layoutOf } from "./layout.ts";
import { optionOf } from "./option.ts";
import { type Plot, type PlotRow, plotOf } from "./plot.ts";
import { useFrontierText } from "./use-frontier-text.ts";

/** Sentences about what is drawn: runs of an experiment, entries of a board. */
export interface FrontierWords {
  readonly title: string;
  readonly hint: string;
  readonly empty: string;
  readonly apart: (count: number) => string;
  readonly missing: (count: number) => string;
  readonly summary: (of: { count: number; quality: string; cost: string; frontier: string }) => string;
}

export interface StillFrontierProps {
  readonly rows: readonly PlotRow[];
  readonly quality: string;
  readonly cost: string;
  readonly costs: readonly string[];
  readonly words: FrontierWords;
  readonly selected: string | null;
  readonly onCost: (id: string) => void;
  readonly onSelect: (id: string) => void;
}

/** Quality against cost for whoever reads a result and does not work on it: no budget, no brush. */
export function StillFrontier(props: StillFrontierProps) {
  const { rows, quality, cost, costs, words } = props;
  const t = useTranslations("experiment.frontier");
  const text = useMetricText();
  const [isTable, setIsTable] = useState(false);
  const nameOf = useRecipeName();
  const plot = useMemo(() => plotOf(rows, quality, cost, nameOf), [rows, quality, cost, nameOf]);
  const apart = plot.points.filter((point) => point.standing === "apart").length;
  return (
    <Panel
      title={words.title}
      hint={words.hint}
      flush
      actions={
        <>
          <label className={styles.pickLabel}>
            {t("cost")}
            <select
              className={styles.pick}
              value={cost}
              onChange={(event) => props.onCost(event.currentTarget.value)}
            >
              {costs.map((id) => (
                <option key={id} value={id}>
                  {text.name(id)}
                </option>
              ))}
            </select>
          </label>
          <AsTableButton isTable={isTable} onChange={setIsTable} label={t("asTable")} />
        </>
      }
    >
      {plot.points.length === 0 ? (
        <p className={styles.empty}>{words.empty}</p>
      ) : isTable ? (
        <FrontierTable plot={plot} quality={quality} cost={cost} />
      ) : (
        <Picture {...props} plot={plot} />
      )}
      {(apart > 0 || plot.missing > 0) && (
        <div className={styles.notes}>
          {apart > 0 && <p>{words.apart(apart)}</p>}
          {plot.missing > 0 && <p>{words.missing(plot.missing)}</p>}
        </div>
      )}
    </Panel>
  );
}

function Picture({
  plot,
  quality,
  cost,
  selected,
  words,
  onSelect,
}: StillFrontierProps & { readonly plot: Plot }) {
  const theme = useChartTheme();
  const text = useMetricText();
  const said = useFrontierText(quality, cost);
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const layout = useMemo(
    () => (width > 0 ? layoutOf(plot, { width, height, quality, budget: null, selected }) : null),
    [plot, width, height, quality, selected],
  );
  const option = useMemo(() => {
    if (!layout) return null;
    return optionOf(
      plot,
      layout,
      theme,
      said.words(plot, layout, ({ name }) => name),
      selected,
    );
  }, [layout, plot, theme, selected, said]);
  const click = useCallback(({ id }: ChartClick) => id !== "" && onSelect(id), [onSelect]);
  const summary = words.summary({
    count: plot.points.length,
    quality: text.name(quality),
    cost: text.name(cost),
    frontier: said.best(plot),
  });
  return (
    <div ref={ref} className={styles.stage}>
      {option && <Chart option={option} summary={summary} onClick={click} />}
    </div>
  );
}
