"use client";

import { Checkbox } from "@mantine/core";
import { useTranslations } from "next-intl";
import { Panel } from "#components/ui/panel.tsx";
import { groupOf } from "#contracts/metric.ts";
import { besideOf, type ComparedRow, comparedRows, differs } from "./between.ts";
import { MeasurementTable } from "./measurement-table.tsx";
import { RunCards } from "./run-cards.tsx";
import styles from "./table.module.css";
import { type ComparedRun, isPaired } from "./types.ts";

export interface MeasurementsPanelProps {
  readonly runs: readonly ComparedRun[];
  readonly onlyDifferent: boolean;
  readonly onOnlyDifferent: (only: boolean) => void;
  readonly onReference: (runId: string) => void;
  readonly onRemove: (runId: string) => void;
}

/** Everything that was measured, a column per run; on a phone a card per run. */
export function MeasurementsPanel({
  runs,
  onlyDifferent,
  onOnlyDifferent,
  onReference,
  onRemove,
}: MeasurementsPanelProps) {
  const t = useTranslations("compare.table");
  const page = useTranslations("run.page");
  const all = comparedRows(runs);
  const rows = onlyDifferent ? all.filter(differs) : all;
  const shared = { runs, rows, onReference, onRemove };
  const foot = footOf(runs, rows);
  const hasQuality = all.some((row) => groupOf(row.id) === "quality");
  return (
    <Panel
      title={t("title")}
      hint={t("hint", { recipe: runs[0]?.recipeName ?? "" })}
      actions={
        all.length > 0 && (
          <span data-no-print>
            <Checkbox
              size="xs"
              label={t("onlyDifferent")}
              checked={onlyDifferent}
              onChange={(event) => onOnlyDifferent(event.currentTarget.checked)}
            />
          </span>
        )
      }
    >
      <div className={styles.bleed}>
        <div className={styles.asTable}>
          <MeasurementTable {...shared} />
        </div>
        <div className={styles.asCards}>
          <RunCards {...shared} all={all} />
        </div>
        {rows.length === 0 && <p className={styles.none}>{t(all.length === 0 ? "none" : "allSame")}</p>}
        {foot.hasTurns && <p className={styles.foot}>{t("pairedFoot")}</p>}
        {foot.hasUnpaired && <p className={styles.foot}>{t("unpairedFoot")}</p>}
        {hasQuality && runs.some((run) => run.overlapUnknown) && (
          <p className={styles.foot}>{page("overlap")}</p>
        )}
      </div>
    </Panel>
  );
}

/** What is to be said of the differences that are shown. */
function footOf(runs: readonly ComparedRun[], rows: readonly ComparedRow[]) {
  const [reference] = runs;
  const shown = rows.flatMap(({ id, cells: [first, ...others] }) =>
    others.flatMap((own, index) => {
      const run = runs[index + 1];
      if (!own || !run || !reference) return [];
      return { group: groupOf(id), ...besideOf(own, first, isPaired(run, reference)) };
    }),
  );
  return {
    hasUnpaired: shown.some(({ kind }) => kind === "unpaired"),
    hasTurns: shown.some(
      ({ kind, group }) => kind === "paired" && (group === "speed" || group === "footprint"),
    ),
  };
}
