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
import type { RunRow } from "#contracts/run.ts";
import { useBudgetText } from "../use-budget-text.ts";
import { budgetLevel } from "./budget.ts";
import { BudgetLine } from "./budget-line.tsx";
import styles from "./frontier.module.css";
import { FrontierTable } from "./frontier-table.tsx";
import { layoutOf } from "./layout.ts";
import { optionOf } from "./option.ts";
import { type Plot, plotOf } from "./plot.ts";
import { type BrushedRange, useBrush } from "./use-brush.ts";
import { useFrontierText } from "./use-frontier-text.ts";

export interface FrontierPanelProps {
  readonly rows: readonly RunRow[];
  readonly quality: string;
  readonly qualities: readonly string[];
  readonly cost: string;
  readonly costs: readonly string[];
  readonly budget: number;
  /** ID of the run that is selected. */
  readonly selected: string | null;
  readonly onQuality: (id: string) => void;
  readonly onCost: (id: string) => void;
  readonly onBudget: (budget: number) => void;
  readonly onSelect: (runId: string) => void;
  readonly onBrush: (range: BrushedRange) => void;
}

/** Quality against cost: the picture that this product is for. */
export function FrontierPanel(props: FrontierPanelProps) {
  const { rows, quality, cost } = props;
  const t = useTranslations("experiment.frontier");
  const [isTable, setIsTable] = useState(false);
  const nameOf = useRecipeName();
  const plot = useMemo(() => plotOf(rows, quality, cost, nameOf), [rows, quality, cost, nameOf]);
  const text = useMetricText();
  return (
    <Panel
      title={t("title")}
      hint={t("hint")}
      flush
      actions={
        <>
          {props.qualities.length > 1 && (
            <Picker
              label={t("quality")}
              value={quality}
              values={props.qualities}
              name={text.short}
              onPick={props.onQuality}
            />
          )}
          <Picker
            label={t("cost")}
            value={cost}
            values={props.costs}
            name={text.name}
            onPick={props.onCost}
          />
          <AsTableButton isTable={isTable} onChange={setIsTable} label={t("asTable")} />
        </>
      }
    >
      {plot.points.length === 0 ? (
        <p className={styles.empty}>{t("empty")}</p>
      ) : isTable ? (
        <FrontierTable plot={plot} quality={quality} cost={cost} />
      ) : (
        <Picture {...props} plot={plot} />
      )}
      <Notes plot={plot} />
    </Panel>
  );
}

function Notes({ plot }: { plot: Plot }) {
  const t = useTranslations("experiment.frontier");
  const apart = plot.points.filter((point) => point.standing === "apart").length;
  if (apart === 0 && plot.missing <= 0) return null;
  return (
    <div className={styles.notes}>
      {apart > 0 && <p>{t("apart", { count: apart })}</p>}
      {plot.missing > 0 && <p>{t("missing", { count: plot.missing })}</p>}
    </div>
  );
}

interface PickerProps {
  readonly label: string;
  readonly value: string;
  readonly values: readonly string[];
  readonly name: (id: string) => string;
  readonly onPick: (id: string) => void;
}

/** The browser's own list: it works with every keyboard and on every phone. */
function Picker({ label, value, values, name, onPick }: PickerProps) {
  return (
    <label className={styles.pickLabel}>
      {label}
      <select className={styles.pick} value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        {values.map((id) => (
          <option key={id} value={id}>
            {name(id)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Picture(props: FrontierPanelProps & { readonly plot: Plot }) {
  const { plot, quality, cost, budget, selected, onSelect, onBudget, onBrush } = props;
  const t = useTranslations("experiment.frontier");
  const theme = useChartTheme();
  const text = useMetricText();
  const said = useFrontierText(quality, cost);
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const reference = plot.baseline?.quality ?? null;
  const words = t("budget", { budget: useBudgetText()(quality, budget) });
  const layout = useMemo(() => {
    const line = reference === null ? null : { level: budgetLevel(quality, reference, budget), words };
    return width > 0 ? layoutOf(plot, { width, height, quality, budget: line, selected }) : null;
  }, [plot, width, height, quality, reference, budget, words, selected]);
  const option = useMemo(() => {
    if (!layout) return null;
    const titled = said.words(plot, layout, (point) => `${point.number} · ${point.name}`);
    return optionOf(plot, layout, theme, titled, selected);
  }, [layout, plot, theme, selected, said]);
  const click = useCallback(({ id }: ChartClick) => id !== "" && onSelect(id), [onSelect]);
  const brush = useBrush(layout, onBrush);
  const summary = t("summary", {
    count: plot.points.length,
    quality: text.name(quality),
    cost: text.name(cost),
    frontier: said.best(plot),
  });
  return (
    <div ref={ref} className={styles.stage} {...brush.handlers}>
      {option && <Chart option={option} summary={summary} onClick={click} />}
      {layout && reference !== null && (
        <BudgetLine
          layout={layout}
          quality={quality}
          baseline={reference}
          budget={budget}
          onChange={onBudget}
        />
      )}
      {brush.rectangle && <div className={styles.brush} style={brush.rectangle} />}
    </div>
  );
}
