"use client";

import { Button } from "@mantine/core";
import type { RowSelectionState } from "@tanstack/react-table";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ErrorNote } from "#components/api/error-note.tsx";
import { useNotifyError } from "#components/api/use-error.ts";
import type { Loaded } from "#components/api/use-loaded.ts";
import { usePlace } from "#components/model/use-place.ts";
import { LinkButton } from "#components/ui/links.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { ExperimentDetail } from "#contracts/experiment.ts";
import type { RunRow, RunTable } from "#contracts/run.ts";
import { sortText } from "./search.ts";
import { specText } from "./table/column-spec.ts";
import { RunTableView } from "./table/run-table.tsx";
import styles from "./table/table.module.css";
import { ActiveFilters, Toolbar } from "./table/toolbar.tsx";
import { useExport } from "./table/use-export.ts";
import { useRuns } from "./use-experiment.ts";
import type { useView } from "./use-view.ts";

export interface RunsPanelProps extends ReturnType<typeof useView> {
  readonly experiment: ExperimentDetail;
  readonly all: readonly RunRow[];
  readonly loaded: Loaded<RunTable> | undefined;
  readonly baseline: RunRow | undefined;
  readonly selected: string | null;
  readonly onSelect: (runId: string) => void;
}

/** Most runs that can be compared at once, and the fewest. */
const mostCompared = 8;

/** The run table with what changes its view. */
export function RunsPanel(props: RunsPanelProps) {
  const { experiment, view, search, setSearch, baseline } = props;
  const t = useTranslations("experiment.table");
  const common = useTranslations("common");
  const place = usePlace();
  const [chosen, setChosen] = useState<RowSelectionState>({});
  const isPlain = view.sort.by === "number" && !view.sort.descending && isEmptyFilter(view.filter);
  const runs = useRuns(
    {
      org: place.org,
      experimentId: experiment.id,
      columns: view.columns,
      filter: view.filter,
      sort: view.sort,
    },
    isPlain ? props.loaded : undefined,
  );
  const rows = runs.data?.pages.flatMap((page) => page.rows) ?? [];
  const total = runs.data?.pages[0]?.total ?? rows.length;
  const everything = props.all.length;
  const notifyError = useNotifyError();
  const exporting = useExport();
  const exportAll = () =>
    exporting.mutate(
      {
        org: place.org,
        experimentId: experiment.id,
        metrics: experiment.metrics.map((metric) => metric.id),
        filter: view.filter,
        sort: view.sort,
        fileName: `${place.project}-experiment-${experiment.number}.csv`,
      },
      { onError: notifyError },
    );
  return (
    <Panel
      title={t("title")}
      hint={
        isPlain
          ? t("count", { count: total })
          : t("countOf", { count: total, total: Math.max(total, everything) })
      }
      flush
      actions={
        <Toolbar
          text={search.q}
          onText={(text) => void setSearch({ q: text || null })}
          states={search.state}
          onStates={(states) => void setSearch({ state: states.length > 0 ? states : null })}
          specs={view.specs}
          metrics={experiment.metrics.map((metric) => metric.id)}
          onSpecs={(specs) => void setSearch({ columns: specs.length > 0 ? specs.map(specText) : null })}
          onExport={exportAll}
          isExporting={exporting.isPending}
        />
      }
    >
      <ErrorNote error={runs.error} onRetry={() => void runs.refetch()} />
      <ActiveFilters
        text={search.q}
        states={search.state}
        hasArea={search.x.length > 0 || search.y.length > 0}
        onClear={(what) =>
          void setSearch(
            what === "text" ? { q: null } : what === "states" ? { state: null } : { x: null, y: null },
          )
        }
      />
      <Chosen chosen={chosen} baselineId={baseline?.id} base={place.base} onClear={() => setChosen({})} />
      {rows.length === 0 ? (
        <p className={styles.none} role="status">
          {runs.isPending ? common("loading") : t("none")}
        </p>
      ) : (
        <RunTableView
          rows={rows}
          specs={view.specs}
          baseline={baseline}
          sort={view.sort}
          onSort={(sort) =>
            void setSearch({ sort: sort.by === "number" && !sort.descending ? null : sortText(sort) })
          }
          selected={props.selected}
          onSelect={props.onSelect}
          chosen={chosen}
          onChosen={setChosen}
        />
      )}
      {runs.hasNextPage && (
        <div className={styles.foot}>
          <span>{t("shown", { shown: rows.length, count: total })}</span>
          <Button
            variant="default"
            size="xs"
            loading={runs.isFetchingNextPage}
            onClick={() => void runs.fetchNextPage()}
          >
            {common("more")}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function isEmptyFilter(filter: RunsPanelProps["view"]["filter"]): boolean {
  return filter.states.length === 0 && filter.text === "" && filter.bounds.length === 0;
}

interface ChosenProps {
  readonly chosen: RowSelectionState;
  readonly baselineId: string | undefined;
  readonly base: string;
  readonly onClear: () => void;
}

/** What was ticked, and the way to their comparison. The baseline is what the others are compared with. */
function Chosen({ chosen, baselineId, base, onClear }: ChosenProps) {
  const t = useTranslations("experiment.table");
  const ids = Object.keys(chosen);
  if (ids.length === 0) return null;
  const compared = [...new Set([...(baselineId ? [baselineId] : []), ...ids])];
  const isPossible = compared.length >= 2 && compared.length <= mostCompared;
  return (
    <div className={styles.chosen}>
      <span role="status">{t("chosen", { count: ids.length })}</span>
      {isPossible ? (
        <LinkButton size="xs" href={`${base}/compare?runs=${compared.join(",")}`}>
          {t("compare", { count: compared.length })}
        </LinkButton>
      ) : (
        <span>{compared.length < 2 ? t("tooFew") : t("tooMany", { most: mostCompared })}</span>
      )}
      <Button size="xs" variant="subtle" color="gray" onClick={onClear}>
        {t("clearChosen")}
      </Button>
    </div>
  );
}
