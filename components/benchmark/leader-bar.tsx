"use client";

import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useMetricText } from "#components/run/use-metric-text.ts";
import { formatPercent } from "#components/ui/format.ts";
import type { BoardValue, Leaderboard } from "#contracts/benchmark.ts";
import styles from "./benchmark.module.css";
import { type Leader, leaderOf } from "./leader.ts";

const namedTies = 3;

/** Who is ahead, in one sentence, with the numbers against the baseline. */
export function LeaderBar({ board }: { board: Leaderboard }) {
  const leader = leaderOf(board);
  return (
    <p className={styles.leader} data-kind={leader.kind}>
      <LeaderText board={board} leader={leader} />
    </p>
  );
}

const bold = (chunks: ReactNode) => <strong>{chunks}</strong>;

function LeaderText({ board, leader }: { board: Leaderboard; leader: Leader }) {
  const t = useTranslations("benchmark.leader");
  const text = useMetricText();
  const locale = useLocale();
  const metric = text.name(board.by);
  const gap = locale === "zh" ? "" : " ";
  const percentOf = (fraction: number) => formatPercent(fraction, locale, fraction < 0.1 ? 1 : 0);
  if (leader.kind === "shared") {
    const first = leader.entries.slice(0, namedTies).map((entry) => entry.title);
    const named = first.join(t("comma"));
    const rest = leader.entries.length - first.length;
    const titles =
      rest > 0
        ? t("andMore", { titles: named, count: locale === "zh" ? leader.entries.length : rest })
        : named;
    return (
      <>
        {t.rich("shared", { b: bold, titles, metric })}
        {leader.smallest && board.by !== "size/file" && (
          <>
            {gap}
            {t("smallest", {
              title: leader.smallest.entry.title,
              percent: leader.smallest.fraction === null ? "none" : percentOf(leader.smallest.fraction),
            })}
          </>
        )}
      </>
    );
  }
  if (leader.kind !== "one") return t.rich(leader.kind, { b: bold, metric });
  const amount = ({ value, unit, interval }: BoardValue) => {
    const plain = text.quantity(value, unit);
    if (typeof interval !== "object") return plain;
    return `${plain} [${text.quantity(interval.low, unit)}, ${text.quantity(interval.high, unit)}]`;
  };
  const sentences = leader.against.map(({ metric: id, value, baseline, overlap }) =>
    baseline
      ? t("against", {
          metric: text.name(id),
          value: amount(value),
          baseline: amount(baseline),
          overlap: overlap ? "yes" : "no",
        })
      : t("alone", { metric: text.name(id), value: amount(value) }),
  );
  const ratios = leader.ratios.map(({ metric: id, fraction }) =>
    t("ratio", { metric: text.name(id), percent: percentOf(fraction) }),
  );
  return (
    <>
      {t.rich("one", { b: bold, title: leader.entry.title, organisation: leader.entry.organisation })}
      {gap}
      {sentences.join(gap)}
      {ratios.length > 0 && `${gap}${t("ratios", { list: ratios.join(t("semicolon")) })}`}
    </>
  );
}
