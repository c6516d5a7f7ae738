"use client";

import { useTranslations } from "next-intl";
import { RemarkLine } from "#components/remark/remark-line.tsx";
import { StateBadge } from "#components/run/state-badge.tsx";
import { useMetricText } from "#components/run/use-metric-text.ts";
import { saidBy } from "#contracts/problem.ts";
import { type ComparedRow, importantRows } from "./between.ts";
import styles from "./cards.module.css";
import { Cell } from "./cell.tsx";
import { type MeasurementTableProps, RecipeText } from "./measurement-table.tsx";
import { RunName } from "./run-name.tsx";
import { RunTools } from "./run-tools.tsx";
import { type ComparedRun, isPaired } from "./types.ts";

export interface RunCardsProps extends MeasurementTableProps {
  /** Rows before any filter: the important ones are always shown. */
  readonly all: readonly ComparedRow[];
}

/** For a phone: a card per run with the two numbers that matter most; all others unfold. */
export function RunCards({ runs, rows, all, onReference, onRemove }: RunCardsProps) {
  const t = useTranslations("compare");
  const [reference] = runs;
  const important = importantRows(all);
  return (
    <ul className={styles.cards}>
      {runs.map((run, index) => (
        <li key={run.id} className={styles.card} data-reference={run === reference || undefined}>
          <div className={styles.head}>
            <RunName run={run} />
            <StateBadge state={run.state} cancelling={run.cancelRequested} />
          </div>
          {run === reference && <span className={styles.reference}>{t("reference")}</span>}
          {run.problem && (
            <p className={styles.reason}>
              <RemarkLine said={saidBy(run.problem)} />
            </p>
          )}
          <Facts run={run} index={index} rows={important} reference={reference} />
          {rows.length > 0 && (
            <details className={styles.details}>
              <summary>{t("table.all")}</summary>
              <RecipeText run={run} />
              <Facts run={run} index={index} rows={rows} reference={reference} />
            </details>
          )}
          <RunTools
            run={run}
            isReference={run === reference}
            canRemove={runs.length > 2}
            onReference={onReference}
            onRemove={onRemove}
          />
        </li>
      ))}
    </ul>
  );
}

interface FactsProps {
  readonly run: ComparedRun;
  readonly index: number;
  readonly rows: readonly ComparedRow[];
  readonly reference: ComparedRun | undefined;
}

function Facts({ run, index, rows, reference }: FactsProps) {
  const text = useMetricText();
  if (rows.length === 0) return null;
  return (
    <dl className={styles.facts}>
      {rows.map((row) => (
        <div key={row.id}>
          <dt>{text.name(row.id)}</dt>
          <dd>
            <Cell
              id={row.id}
              own={row.cells[index]}
              first={row.cells[0]}
              isReference={run === reference}
              paired={reference !== undefined && isPaired(run, reference)}
            />
          </dd>
        </div>
      ))}
    </dl>
  );
}
