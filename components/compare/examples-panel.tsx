"use client";

import { NativeSelect, SegmentedControl } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import { formatCount } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import type { Comparison, Example, RunComparison } from "#contracts/run.ts";
import styles from "./compare.module.css";
import { type Outcome, outcomes } from "./search.ts";
import { useExperimentClasses } from "./use-classes.ts";

type ComparedRun = RunComparison["runs"][number];

export interface ExamplesPanelProps {
  readonly first: ComparedRun;
  readonly other: ComparedRun;
  readonly runs: readonly ComparedRun[];
  readonly show: Outcome;
  readonly onShow: (show: Outcome) => void;
  readonly onOther: (runId: string) => void;
}

/** Right before and wrong now, or the other way round. */
export function outcomeOf({ label, prediction, other }: Example): Exclude<Outcome, "all"> {
  if (prediction === label) return "gained";
  return other === label ? "lost" : "other";
}

/** Where two runs answer differently: how many items were gained and lost, and which. */
export function ExamplesPanel({ first, other, runs, show, onShow, onOther }: ExamplesPanelProps) {
  const t = useTranslations("compare");
  const { comparison } = other;
  return (
    <Panel
      title={t("examples")}
      hint={t("examplesHint")}
      flush
      actions={
        runs.length > 2 && (
          <NativeSelect
            size="xs"
            aria-label={t("with")}
            value={other.id}
            onChange={(event) => onOther(event.currentTarget.value)}
            data={runs.slice(1).map((run) => ({ value: run.id, label: `${run.number} · ${run.recipeName}` }))}
          />
        )
      }
    >
      {comparison?.comparable ? (
        <Comparable comparison={comparison} first={first} other={other} show={show} onShow={onShow} />
      ) : (
        <p className={styles.none}>
          {t("incomparable", { reason: t(comparison?.reason === "otherItems" ? "reason.otherItems" : "reason.noExamples") })}
        </p>
      )}
    </Panel>
  );
}

type ComparableProps = Pick<ExamplesPanelProps, "first" | "other" | "show" | "onShow"> & { readonly comparison: Comparison };

function Comparable({ comparison, first, other, show, onShow }: ComparableProps) {
  const t = useTranslations("compare");
  const locale = useLocale();
  const count = (value: number) => formatCount(value, locale);
  const { items, bothCorrect, bothWrong, gained, lost, disagreeing } = comparison;
  const words = { both: count(bothCorrect), wrong: count(bothWrong), gained: count(gained), lost: count(lost) };
  const shown = disagreeing.filter((example) => show === "all" || outcomeOf(example) === show);
  return (
    <>
      <div className={styles.counts}>
        <p>{t("counts", { items: count(items), ...words })}</p>
        <ShareBar comparison={comparison} label={t("bar", words)} />
      </div>
      {disagreeing.length === 0 ? (
        <p className={styles.none}>{t("agree")}</p>
      ) : (
        <>
          <div className={styles.filter}>
            <SegmentedControl
              size="xs"
              aria-label={t("show")}
              value={show}
              onChange={(value) => onShow(outcomes.find((one) => one === value) ?? "all")}
              data={outcomes.map((one) => ({ value: one, label: t(one === "all" ? "showAll" : one) }))}
            />
            <span className={styles.quiet}>{t("firstOnly", { count: disagreeing.length })}</span>
          </div>
          {shown.length === 0 ? (
            <p className={styles.none}>{t("noneShown", { count: disagreeing.length })}</p>
          ) : (
            <ExampleTable rows={shown} first={first} other={other} />
          )}
        </>
      )}
    </>
  );
}

function ExampleTable({ rows, first, other }: { rows: readonly Example[]; first: ComparedRun; other: ComparedRun }) {
  const t = useTranslations("compare");
  const locale = useLocale();
  const nameOf = useExperimentClasses(first.experimentId);
  return (
    <div className={styles.examples}>
      <table className={styles.table}>
        <caption className="visually-hidden">{t("examples")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("item")}</th>
            <th scope="col">{t("label")}</th>
            <th scope="col">{first.recipeName}</th>
            <th scope="col">{other.recipeName}</th>
            <th scope="col">{t("outcome")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((example) => {
            const outcome = outcomeOf(example);
            return (
              <tr key={example.item}>
                <th scope="row">{formatCount(example.item, locale)}</th>
                <td>{nameOf(example.label)}</td>
                <td>{example.other === null ? "—" : nameOf(example.other)}</td>
                <td>{nameOf(example.prediction)}</td>
                <td data-outcome={outcome} title={outcome === "other" ? undefined : t(`${outcome}Help`)}>
                  <span aria-hidden>{outcome === "gained" ? "▲ " : outcome === "lost" ? "▼ " : ""}</span>
                  {t(outcome)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** All items in one bar: right in both, lost, gained, wrong in both. */
function ShareBar({ comparison, label }: { comparison: Comparison; label: string }) {
  const { items, bothCorrect, lost, gained, bothWrong } = comparison;
  const parts = [
    { key: "both", count: bothCorrect },
    { key: "lost", count: lost },
    { key: "gained", count: gained },
    { key: "wrong", count: bothWrong },
  ];
  return (
    <div className={styles.share} role="img" aria-label={label}>
      {parts
        .filter(({ count }) => count > 0)
        .map(({ key, count }) => (
          <span key={key} data-part={key} style={{ flexGrow: count / Math.max(1, items) }} />
        ))}
    </div>
  );
}
