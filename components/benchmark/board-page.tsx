"use client";

import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useMemo, useTransition } from "react";
import { StillFrontier } from "#components/experiment/frontier/still-frontier.tsx";
import { useMetricText } from "#components/run/use-metric-text.ts";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { Leaderboard } from "#contracts/benchmark.ts";
import styles from "./benchmark.module.css";
import { useTaskName } from "./board-list.tsx";
import { costOf, rankable } from "./columns.ts";
import { LeaderBar } from "./leader-bar.tsx";
import { MetricPicker } from "./metric-picker.tsx";
import { plotRowsOf } from "./order.ts";
import { Ranking } from "./ranking.tsx";
import { Rules } from "./rules.tsx";
import { boardSearch } from "./search.ts";
import { useTierName } from "./use-tier-name.ts";
import { useWithdraw } from "./withdraw.tsx";

export interface BoardPageProps {
  readonly board: Leaderboard;
  /** The reader's organisation, where its members may withdraw its entries. */
  readonly withdrawAs: string | undefined;
  /** Query that keeps the chosen organisation. */
  readonly query: string;
  readonly actions?: ReactNode;
}

/** One leaderboard: who leads, the picture, the ranking. */
export function BoardPage(props: BoardPageProps) {
  return (
    <NuqsAdapter>
      <Page {...props} />
    </NuqsAdapter>
  );
}

function Page({ board, withdrawAs, query, actions }: BoardPageProps) {
  const [isReading, startReading] = useTransition();
  const [search, setSearch] = useQueryStates(boardSearch, { history: "replace" });
  const withdraw = useWithdraw(withdrawAs);
  const select = (entry: string) => void setSearch({ entry: entry === "" ? null : entry });
  // Ranks are made by the server: another metric is another reading of the board.
  const rankBy = (by: string) =>
    void setSearch(
      { by: by === board.qualityMetric ? null : by },
      { shallow: false, startTransition: startReading },
    );
  return (
    <>
      <Head board={board} query={query} actions={actions} />
      {board.description !== "" && <p className={styles.lead}>{board.description}</p>}
      <div className={styles.stack} data-busy={isReading || undefined} aria-busy={isReading}>
        <LeaderBar board={board} />
        <Frontier
          board={board}
          cost={costOf(board, search.cost)}
          selected={search.entry}
          onSelect={select}
          onCost={(cost) => void setSearch({ cost })}
        />
        <RankingPanel board={board} onRankBy={rankBy}>
          <Ranking
            board={board}
            selected={search.entry}
            onSelect={select}
            onWithdraw={withdrawAs === undefined ? undefined : withdraw.ask}
          />
        </RankingPanel>
      </div>
      {withdraw.dialog}
    </>
  );
}

function Head({ board, query, actions }: Pick<BoardPageProps, "board" | "query" | "actions">) {
  const t = useTranslations("benchmark");
  const taskName = useTaskName();
  const entries = board.entries.filter((entry) => !entry.isBaseline).length;
  return (
    <PageHeader
      title={board.name}
      crumbs={[{ label: t("title"), href: `/benchmarks${query}` }]}
      meta={
        <>
          <span>{taskName(board.task)}</span>
          <span>
            {board.dataset} · {t("meta.split", { split: board.split })}
          </span>
          <span>{t("meta.entries", { count: entries })}</span>
          <span>{t("meta.keeper", { organisation: board.organisation })}</span>
          <span>{t(board.isPublic ? "meta.public" : "meta.private")}</span>
        </>
      }
      actions={
        <>
          <Rules board={board} />
          {actions}
        </>
      }
    />
  );
}

interface FrontierProps {
  readonly board: Leaderboard;
  readonly cost: string;
  readonly selected: string;
  readonly onSelect: (id: string) => void;
  readonly onCost: (id: string) => void;
}

function Frontier({ board, cost, selected, onSelect, onCost }: FrontierProps) {
  const t = useTranslations("benchmark.frontier");
  const text = useMetricText();
  const rows = useMemo(() => plotRowsOf(board.entries), [board.entries]);
  const quality = board.qualityMetric;
  return (
    <StillFrontier
      rows={rows}
      quality={quality}
      cost={cost}
      costs={rankable(board).slice(1)}
      selected={selected === "" ? null : selected}
      onSelect={onSelect}
      onCost={onCost}
      words={{
        title: t("title"),
        hint: t("hint"),
        empty: t("empty", { quality: text.name(quality), cost: text.name(cost) }),
        apart: (count) => t("apart", { count }),
        missing: (count) => t("missing", { count }),
        summary: (of) => t("summary", of),
      }}
    />
  );
}

interface RankingPanelProps {
  readonly board: Leaderboard;
  readonly onRankBy: (metric: string) => void;
  readonly children: ReactNode;
}

function RankingPanel({ board, onRankBy, children }: RankingPanelProps) {
  const t = useTranslations("benchmark.ranking");
  const text = useMetricText();
  const tier = useTierName()(board.tier);
  const isEmpty = board.entries.every((entry) => entry.isBaseline);
  return (
    <Panel
      title={t("title")}
      hint={t("hint", { metric: text.name(board.by), tier })}
      flush
      actions={<MetricPicker label={t("by")} value={board.by} values={rankable(board)} onPick={onRankBy} />}
    >
      {children}
      {isEmpty && <p className={styles.none}>{t("none")}</p>}
    </Panel>
  );
}
