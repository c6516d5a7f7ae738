"use client";

import { ActionIcon, Checkbox } from "@mantine/core";
import { IconArrowBarToLeft, IconX } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { usePlace } from "#components/model/use-place.ts";
import { ChangeText } from "#components/run/change-text.tsx";
import { StateBadge } from "#components/run/state-badge.tsx";
import { stepSummary } from "#components/run/step-summary.ts";
import { Swatch } from "#components/run/swatch.tsx";
import { useMetricText } from "#components/run/use-metric-text.ts";
import { ValueDetails } from "#components/run/value-details.tsx";
import { DataNumber } from "#components/ui/data-number.tsx";
import { TextLink } from "#components/ui/links.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { MeasurementRow } from "#contracts/measurement.ts";
import { groupOf, metricGroups } from "#contracts/metric.ts";
import type { RunComparison } from "#contracts/run.ts";
import { besideOf, comparedRows, differs } from "./between.ts";
import styles from "./compare.module.css";
import { ObstacleBadge } from "./obstacle-badge.tsx";

type ComparedRun = RunComparison["runs"][number];

export interface CompareTableProps {
  readonly runs: readonly ComparedRun[];
  readonly onlyDifferent: boolean;
  readonly onOnlyDifferent: (only: boolean) => void;
  readonly onFirst: (runId: string) => void;
  readonly onRemove: (runId: string) => void;
}

/** A column per run, a row per quantity; each value with its difference from the first run's. */
export function CompareTable({ runs, onlyDifferent, onOnlyDifferent, onFirst, onRemove }: CompareTableProps) {
  const t = useTranslations("compare");
  const groupName = useTranslations("run.group");
  const [first] = runs;
  const rows = comparedRows(runs).filter((row) => !onlyDifferent || differs(row));
  return (
    <Panel
      title={t("measurements")}
      hint={t("measurementsHint", { recipe: first?.recipeName ?? "" })}
      flush
      actions={
        <Checkbox
          size="xs"
          radius="xs"
          label={t("onlyDifferent")}
          checked={onlyDifferent}
          onChange={(event) => onOnlyDifferent(event.currentTarget.checked)}
        />
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: an area that scrolls must be reachable by keyboard. */}
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={t("measurements")}>
        <table className={styles.table}>
          <caption className="visually-hidden">{t("measurements")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("quantity")}</th>
              {runs.map((run, index) => (
                <th key={run.id} scope="col">
                  <Head run={run} isFirst={index === 0} canRemove={runs.length > 2} onFirst={onFirst} onRemove={onRemove} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{t("recipe")}</th>
              {runs.map((run) => (
                <td key={run.id}>
                  <code className={styles.recipe}>{run.recipe.steps.map(stepSummary).join(" → ") || "—"}</code>
                </td>
              ))}
            </tr>
            <tr>
              <th scope="row">{t("state")}</th>
              {runs.map((run) => (
                <td key={run.id}>
                  <StateBadge state={run.state} cancelling={run.cancelRequested} />
                </td>
              ))}
            </tr>
          </tbody>
          {metricGroups
            .map((group) => ({ group, own: rows.filter((row) => groupOf(row.name) === group) }))
            .filter(({ own }) => own.length > 0)
            .map(({ group, own }) => (
              <tbody key={group}>
                <tr className={styles.group}>
                  <th scope="rowgroup" colSpan={runs.length + 1}>
                    {groupName(group)}
                  </th>
                </tr>
                {own.map(({ id, cells }) => (
                  <tr key={id}>
                    <MetricHead id={id} />
                    {runs.map((run, index) => (
                      <td key={run.id}>
                        <Cell own={cells[index]} first={index === 0 ? undefined : cells[0]} isFirstBaseline={first?.isBaseline === true} id={id} />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            ))}
        </table>
      </div>
    </Panel>
  );
}

function MetricHead({ id }: { id: string }) {
  const text = useMetricText();
  return (
    <th scope="row" title={text.help(id)}>
      {text.name(id)}
    </th>
  );
}

interface HeadProps extends Pick<CompareTableProps, "onFirst" | "onRemove"> {
  readonly run: ComparedRun;
  readonly isFirst: boolean;
  readonly canRemove: boolean;
}

function Head({ run, isFirst, canRemove, onFirst, onRemove }: HeadProps) {
  const t = useTranslations("compare");
  const place = usePlace();
  const recipe = run.recipeName;
  return (
    <div className={styles.head}>
      <span className={styles.name}>
        <Swatch run={run} />
        <TextLink href={`${place.base}/runs/${run.id}`}>{recipe}</TextLink>
      </span>
      <span className={styles.tools}>
        {isFirst ? (
          <span className={styles.quiet}>{t("first")}</span>
        ) : (
          <ActionIcon size="sm" aria-label={t("makeFirst", { recipe })} title={t("makeFirst", { recipe })} onClick={() => onFirst(run.id)}>
            <IconArrowBarToLeft size={15} aria-hidden />
          </ActionIcon>
        )}
        {canRemove && (
          <ActionIcon size="sm" aria-label={t("remove", { recipe })} title={t("remove", { recipe })} onClick={() => onRemove(run.id)}>
            <IconX size={15} aria-hidden />
          </ActionIcon>
        )}
      </span>
    </div>
  );
}

interface CellProps {
  readonly id: string;
  readonly own: MeasurementRow | undefined;
  /** undefined in the first column, which is compared with nothing. */
  readonly first: MeasurementRow | undefined;
  readonly isFirstBaseline: boolean;
}

function Cell({ id, own, first, isFirstBaseline }: CellProps) {
  if (!own) return <span className={styles.quiet}>—</span>;
  const beside = besideOf(own, first, isFirstBaseline);
  const isUse = groupOf(id) === "experiment";
  return (
    <div className={styles.cell}>
      <DataNumber
        value={own.value}
        unit={own.unit}
        interval={own.interval === "exact" ? undefined : own.interval}
        tier={own.interval === "exact" ? undefined : own.tier}
        details={<ValueDetails of={own} />}
      />
      {!isUse && beside.kind === "change" && <ChangeText id={id} change={beside.change} unit={own.unit} withUnit withWords />}
      {!isUse && beside.kind === "obstacle" && first && <ObstacleBadge obstacle={beside.obstacle} first={first.tier} other={own.tier} />}
    </div>
  );
}
