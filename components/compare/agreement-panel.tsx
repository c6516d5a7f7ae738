"use client";

import { useLocale, useTranslations } from "next-intl";
import { formatCount, formatPercent } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import type { Comparison } from "#contracts/run.ts";
import styles from "./agreement.module.css";
import { RunName } from "./run-name.tsx";
import type { ComparedRun } from "./types.ts";

const parts = ["both", "lost", "gained", "wrong"] as const;
type Part = (typeof parts)[number];

function countsOf({ bothCorrect, lost, gained, bothWrong }: Comparison): Record<Part, number> {
  return { both: bothCorrect, lost, gained, wrong: bothWrong };
}

export interface AgreementPanelProps {
  readonly reference: ComparedRun;
  readonly others: readonly ComparedRun[];
  /** The run that classes and examples show. */
  readonly looked: ComparedRun;
  readonly onLook: (runId: string) => void;
}

/** On how many items each run and the reference are both right, only one of them, or neither. */
export function AgreementPanel({ reference, others, looked, onLook }: AgreementPanelProps) {
  const t = useTranslations("compare.agreement");
  const splits = useTranslations("run.split");
  const items = others.find((run) => run.comparison?.comparable)?.comparison?.items;
  const split = reference.measurements.find((row) => row.name.startsWith("quality/"))?.split;
  const known =
    split === "test" || split === "tuning" || split === "calibration" || split === "train" ? split : null;
  const recipe = reference.recipeName;
  return (
    <Panel
      title={t("title")}
      hint={
        items && known
          ? t("hint", { count: items, split: splits(known), recipe })
          : t("hintPlain", { recipe })
      }
      flush
    >
      <table className={styles.table}>
        <caption className="visually-hidden">{t("title")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("run")}</th>
            {parts.map((part) => (
              <th key={part} scope="col">
                <span className={styles.key} data-part={part} aria-hidden />
                {t(part)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {others.map((run) => (
            <Row
              key={run.id}
              run={run}
              isLooked={run === looked}
              canLook={others.length > 1}
              onLook={onLook}
            />
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

interface RowProps {
  readonly run: ComparedRun;
  readonly isLooked: boolean;
  readonly canLook: boolean;
  readonly onLook: (runId: string) => void;
}

function Row({ run, isLooked, canLook, onLook }: RowProps) {
  const t = useTranslations("compare");
  const locale = useLocale();
  const { comparison } = run;
  const recipe = `${run.recipeName} #${run.number}`;
  const counts = comparison?.comparable ? countsOf(comparison) : undefined;
  const count = (part: Part) => formatCount(counts?.[part] ?? 0, locale);
  return (
    <tr data-looked={(canLook && isLooked) || undefined}>
      <th scope="row">
        {canLook ? (
          <button
            type="button"
            className={styles.look}
            aria-pressed={isLooked}
            title={t("agreement.closer", { recipe })}
            onClick={() => onLook(run.id)}
          >
            <RunName run={run} plain />
          </button>
        ) : (
          <RunName run={run} plain />
        )}
        {/* On paper the button is gone, its words are not. */}
        {canLook && (
          <span className={styles.printed}>
            <RunName run={run} plain />
          </span>
        )}
        {canLook && isLooked && <span className={styles.below}>{t("agreement.below")}</span>}
        {counts && comparison && (
          <span
            className={styles.bar}
            role="img"
            aria-label={t("agreement.bar", {
              both: count("both"),
              lost: count("lost"),
              gained: count("gained"),
              wrong: count("wrong"),
            })}
          >
            {parts
              .filter((part) => counts[part] > 0)
              .map((part) => (
                <span key={part} data-part={part} style={{ flexGrow: counts[part] }} />
              ))}
          </span>
        )}
      </th>
      {counts && comparison ? (
        parts.map((part) => (
          <td key={part} data-label={t(`agreement.${part}`)}>
            <span className={styles.count}>{count(part)}</span>{" "}
            <span className={styles.share}>
              {formatPercent(counts[part] / Math.max(1, comparison.items), locale, 1)}
            </span>
          </td>
        ))
      ) : (
        <td colSpan={parts.length} className={styles.reason}>
          <Incomparable comparison={comparison} />
        </td>
      )}
    </tr>
  );
}

/** Why two runs cannot be compared item by item. */
export function Incomparable({ comparison }: { comparison: Comparison | null }) {
  const t = useTranslations("compare.incomparable");
  return t(comparison?.reason === "otherItems" ? "otherItems" : "noExamples");
}
