"use client";

import { Badge, Button } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useMetricText } from "#components/run/use-metric-text.ts";
import { useRecipeName } from "#components/run/use-recipe-name.ts";
import { ValueDetails } from "#components/run/value-details.tsx";
import { DataNumber } from "#components/ui/data-number.tsx";
import { RecordTable } from "#components/ui/record-table.tsx";
import type { BoardEntry, BoardValue, Leaderboard } from "#contracts/benchmark.ts";
import styles from "./benchmark.module.css";
import { keptMetrics, shownMetrics } from "./columns.ts";
import { inReadingOrder, readFirst } from "./order.ts";

export interface RankingProps {
  readonly board: Leaderboard;
  /** ID of the entry that is marked. */
  readonly selected: string;
  readonly onSelect: (id: string) => void;
  /** undefined where the reader may withdraw nothing. */
  readonly onWithdraw: ((entry: BoardEntry) => void) | undefined;
}

/** The entries: ranked ones, the baseline, and at the end those that cannot be ranked, with the reason. */
export function Ranking({ board, selected, onSelect, onWithdraw }: RankingProps) {
  const t = useTranslations("benchmark.ranking");
  const text = useMetricText();
  const kept = keptMetrics(board);
  const mayWithdraw = (entry: BoardEntry) => entry.isOwn && !entry.isBaseline;
  const hasOwn = onWithdraw !== undefined && board.entries.some(mayWithdraw);
  const [isWhole, setIsWhole] = useState(false);
  const all = inReadingOrder(board.entries);
  const rows = isWhole ? all : readFirst(all, selected);
  const table = (
    <RecordTable
      label={t("label", { metric: text.name(board.by) })}
      rows={rows}
      rowKey={(entry) => entry.id}
      tone={(entry) => (entry.id === selected ? "chosen" : entry.isBaseline ? "faint" : undefined)}
      columns={[
        {
          key: "entry",
          header: t("entry"),
          isName: true,
          cell: (entry) => (
            <EntryName board={board} entry={entry} isSelected={entry.id === selected} onSelect={onSelect} />
          ),
        },
        ...shownMetrics(board).map((metric) => ({
          key: metric,
          header: (
            <span className={metric === board.by ? styles.ranked : undefined}>{text.short(metric)}</span>
          ),
          isNumber: true,
          isKept: kept.has(metric),
          ...(metric === board.by && {
            sort: isHigherFirst(board) ? ("descending" as const) : ("ascending" as const),
          }),
          cell: (entry: BoardEntry) => <Value metric={metric} value={entry.values[metric]} />,
        })),
        ...(hasOwn
          ? [
              {
                key: "actions",
                header: <span className="visually-hidden">{t("actions")}</span>,
                isNumber: true,
                cell: (entry: BoardEntry) =>
                  mayWithdraw(entry) && <Withdraw entry={entry} onWithdraw={onWithdraw} />,
                isKept: true,
              },
            ]
          : []),
      ]}
    />
  );
  if (rows.length === all.length) return table;
  return (
    <>
      {table}
      <div className={styles.all}>
        <Button variant="subtle" color="gray" size="compact-sm" fw={400} onClick={() => setIsWhole(true)}>
          {t("all", { count: all.length })}
        </Button>
      </div>
    </>
  );
}

function isHigherFirst(board: Leaderboard): boolean {
  return board.by === board.qualityMetric && board.higherIsBetter;
}

function Withdraw({ entry, onWithdraw }: { entry: BoardEntry; onWithdraw: (entry: BoardEntry) => void }) {
  const t = useTranslations("benchmark.withdraw");
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      color="gray"
      fw={400}
      aria-label={t("label", { title: entry.title })}
      onClick={() => onWithdraw(entry)}
    >
      {t("button")}
    </Button>
  );
}

function Value({ metric, value }: { metric: string; value: BoardValue | undefined }) {
  const t = useTranslations("benchmark.ranking");
  if (!value) {
    return (
      <span className={styles.absent}>
        <span aria-hidden>—</span>
        <span className="visually-hidden">{t("absent")}</span>
      </span>
    );
  }
  const isExact = value.interval === "exact";
  const isQuality = metric.startsWith("quality/");
  return (
    <DataNumber
      value={value.value}
      unit={value.unit}
      interval={isQuality ? value.interval : undefined}
      tier={isExact ? undefined : value.tier}
      details={<ValueDetails of={value} />}
    />
  );
}

interface EntryNameProps {
  readonly board: Leaderboard;
  readonly entry: BoardEntry;
  readonly isSelected: boolean;
  readonly onSelect: (id: string) => void;
}

function EntryName({ board, entry, isSelected, onSelect }: EntryNameProps) {
  const t = useTranslations("benchmark.ranking");
  const nameOf = useRecipeName();
  const reason = useReason(board, entry);
  return (
    <span className={styles.entry}>
      <RankMark entry={entry} />
      <span>
        <button
          type="button"
          className={styles.title}
          data-first={entry.rank === 1 || undefined}
          aria-pressed={isSelected}
          title={entry.isBaseline ? t("baselineHelp") : undefined}
          onClick={() => onSelect(isSelected ? "" : entry.id)}
        >
          {nameOf({ recipeName: entry.title, isBaseline: entry.isBaseline })}
        </button>
        {reason !== undefined && (
          <Badge color="gray" ms={6}>
            {t("unranked")}
          </Badge>
        )}
        <span className={styles.under}>{entry.organisation}</span>
        {reason !== undefined && <span className={styles.under}>{reason}</span>}
      </span>
    </span>
  );
}

/** 1, 2=, 2=, 4: the equals sign says that the rank is shared. */
function RankMark({ entry }: { entry: BoardEntry }) {
  const t = useTranslations("benchmark.ranking");
  const { rank, tied } = entry;
  if (typeof rank !== "number") {
    return (
      <span className={styles.rank} data-unranked>
        <span aria-hidden>—</span>
      </span>
    );
  }
  return (
    <span className={styles.rank}>
      <span aria-hidden>{tied ? `${rank}=` : rank}</span>
      <span className="visually-hidden">{t(tied ? "tied" : "rank", { rank })} </span>
    </span>
  );
}

/** Why an entry has no rank; undefined where it has one, and for the baseline. */
function useReason(board: Leaderboard, { rank, values }: BoardEntry): string | undefined {
  const t = useTranslations("benchmark.ranking");
  const tiers = useTranslations("common.tier");
  const text = useMetricText();
  if (typeof rank === "number" || rank === "baseline") return undefined;
  const metric = text.name(board.by);
  const tier = values[board.by]?.tier;
  const ranked = (["metered", "modelled", "imported", "planned"] as const).find(
    (each) => each === board.tier,
  );
  if (!ranked) return t("noReference", { metric });
  if (rank === "otherTier" && tier)
    return t("reason.otherTier", { metric, tier: tiers(tier), ranked: tiers(ranked) });
  return t(`reason.${rank === "otherTier" ? "missing" : rank}`, { metric });
}
