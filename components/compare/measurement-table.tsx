"use client";

import { useTranslations } from "next-intl";
import { RemarkLine } from "#components/remark/remark-line.tsx";
import { StateBadge } from "#components/run/state-badge.tsx";
import { useStepSummary } from "#components/run/use-step-summary.ts";
import { groupOf, type MetricGroup, metricGroups } from "#contracts/metric.ts";
import { saidBy } from "#contracts/problem.ts";
import type { ComparedRow } from "./between.ts";
import { Cell } from "./cell.tsx";
import { RowHead } from "./row-head.tsx";
import { RunName } from "./run-name.tsx";
import { RunTools, type RunToolsProps } from "./run-tools.tsx";
import styles from "./table.module.css";
import { type ComparedRun, isPaired } from "./types.ts";

export interface MeasurementTableProps extends Pick<RunToolsProps, "onReference" | "onRemove"> {
  readonly runs: readonly ComparedRun[];
  readonly rows: readonly ComparedRow[];
}

/** More columns than this scroll sideways; fewer fit, and the page itself scrolls under their heads. */
const fitting = 4;

/** A column per run, a row per quantity, in the groups of a run's own page. */
export function MeasurementTable({ runs, rows, onReference, onRemove }: MeasurementTableProps) {
  const t = useTranslations("compare");
  const [reference] = runs;
  const isWide = runs.length > fitting;
  const groups = metricGroups
    .map((group) => ({ group, own: rows.filter((row) => groupOf(row.id) === group) }))
    .filter(({ own }) => own.length > 0);
  return (
    <section
      className={styles.scroll}
      data-sideways
      data-wide={isWide || undefined}
      tabIndex={isWide ? 0 : undefined}
      aria-label={t("table.region")}
    >
      <table className={styles.table} style={{ minWidth: isWide ? 190 + runs.length * 168 : undefined }}>
        <caption className="visually-hidden">{t("table.title")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("table.quantity")}</th>
            {runs.map((run) => (
              <th key={run.id} scope="col" data-reference={run === reference || undefined}>
                <RunName run={run} />
                <span className={styles.marks}>
                  <StateBadge state={run.state} cancelling={run.cancelRequested} />
                  {run === reference && <span className={styles.reference}>{t("reference")}</span>}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr data-no-print>
            <th scope="row">
              <span className="visually-hidden">{t("table.choose")}</span>
            </th>
            {runs.map((run) => (
              <td key={run.id} data-reference={run === reference || undefined}>
                <RunTools
                  run={run}
                  isReference={run === reference}
                  canRemove={runs.length > 2}
                  onReference={onReference}
                  onRemove={onRemove}
                />
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row">{t("table.recipe")}</th>
            {runs.map((run) => (
              <td key={run.id} data-reference={run === reference || undefined}>
                <RecipeText run={run} />
              </td>
            ))}
          </tr>
          {runs.some((run) => run.problem) && (
            <tr>
              <th scope="row">{t("table.reason")}</th>
              {runs.map((run) => (
                <td key={run.id} className={styles.reason} data-reference={run === reference || undefined}>
                  {run.problem && <RemarkLine said={saidBy(run.problem)} />}
                </td>
              ))}
            </tr>
          )}
        </tbody>
        {groups.map(({ group, own }) => (
          <tbody key={group}>
            <tr className={styles.group}>
              <GroupHead group={group} columns={runs.length + 1} />
            </tr>
            {own.map((row) => (
              <tr key={row.id}>
                <RowHead row={row} />
                {runs.map((run, index) => (
                  <td key={run.id} data-reference={run === reference || undefined}>
                    <Cell
                      id={row.id}
                      own={row.cells[index]}
                      first={row.cells[0]}
                      isReference={run === reference}
                      paired={reference !== undefined && isPaired(run, reference)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}

export function RecipeText({ run }: { run: ComparedRun }) {
  const t = useTranslations("compare.table");
  const stepSummary = useStepSummary();
  if (run.recipe.steps.length === 0) return <span className={styles.quiet}>{t("noSteps")}</span>;
  return <code className={styles.recipe}>{run.recipe.steps.map(stepSummary).join(" → ")}</code>;
}

/** What a run itself used stands apart: it is no property of the variant. */
function GroupHead({ group, columns }: { group: MetricGroup; columns: number }) {
  const t = useTranslations("compare.table");
  const name = useTranslations("run.group");
  return (
    <th scope="rowgroup" colSpan={columns}>
      <span>{group === "experiment" ? t("ownUse") : name(group)}</span>
      {group === "experiment" && <span className={styles.groupHelp}>{t("ownUseHelp")}</span>}
    </th>
  );
}
