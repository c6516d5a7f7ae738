"use client";

import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { ErrorNote } from "#components/api/error-note.tsx";
import type { Loaded } from "#components/api/use-loaded.ts";
import { usePlace } from "#components/model/use-place.ts";
import { Notice } from "#components/ui/notice.tsx";
import type { ExperimentDetail } from "#contracts/experiment.ts";
import type { RunComparison, RunDetail } from "#contracts/run.ts";
import { AddRun } from "./add-run.tsx";
import { AgreementPanel } from "./agreement-panel.tsx";
import { type Chosen, chosenRuns, fewest, most } from "./chosen.ts";
import { ClassesPanel } from "./classes-panel.tsx";
import styles from "./compare.module.css";
import { CompareHeader } from "./compare-header.tsx";
import { ExamplesPanel } from "./examples-panel.tsx";
import { MeasurementsPanel } from "./measurements-panel.tsx";
import { RecipesPanel } from "./recipes-panel.tsx";
import { ManyExperiments } from "./run-name.tsx";
import { compareSearch } from "./search.ts";
import { NothingToCompare } from "./states.tsx";
import { type ComparedRun, mostDifferent } from "./types.ts";
import { useCompared } from "./use-compared.ts";
import { useExperimentOf } from "./use-experiment-of.ts";

export interface ComparePageProps {
  /** What the address asks for, read on the server; undefined where that are fewer than two runs. */
  readonly loaded: Loaded<RunComparison> | undefined;
  /** The experiment of the first run. */
  readonly experiment: Loaded<ExperimentDetail> | undefined;
  /** The one run that there is, where there is one. */
  readonly only: RunDetail | undefined;
  /** IDs of the address that do not exist or are not the reader's to see. */
  readonly missing: readonly string[];
}

/** Runs side by side: measurements, who gained and lost, where they disagree, what was done differently. */
export function ComparePage(props: ComparePageProps) {
  return (
    <NuqsAdapter>
      <Page {...props} />
    </NuqsAdapter>
  );
}

function useSearch() {
  const [search, setSearch] = useQueryStates(compareSearch, { history: "replace", shallow: true });
  return {
    search,
    setSearch,
    // Another choice of runs is a step that the reader may want to go back from.
    setRuns: (runs: readonly string[]) =>
      void setSearch({ runs: [...runs], page: null }, { history: "push" }),
  };
}

function Page({ loaded, experiment, only, missing }: ComparePageProps) {
  const place = usePlace();
  const { search, setSearch, setRuns } = useSearch();
  const chosen = chosenRuns(search.runs, missing);
  const { ids } = chosen;
  const comparison = useCompared(place.org, ids, loaded);
  const runs = comparison.data?.runs ?? [];
  const [reference, ...others] = runs;
  // Here, above all that ask for it, so that the first page has its names.
  useExperimentOf({ experimentId: reference?.experimentId ?? "" }, experiment);
  const looked = others.find((run) => run.id === search.with) ?? mostDifferent(others);
  if (ids.length < fewest || !reference || !looked) {
    return (
      <NothingToCompare
        isEmpty={search.runs.length === 0}
        isReading={ids.length >= fewest && comparison.isPending}
        error={comparison.error}
        onRetry={() => void comparison.refetch()}
        only={only && ids[0] === only.id ? only : undefined}
        onAdd={(id) => setRuns([...ids, id])}
      />
    );
  }
  const look = (id: string) => void setSearch({ with: id, page: null });
  const isMany = runs.some((run) => run.experimentId !== reference.experimentId);
  return (
    <ManyExperiments value={isMany}>
      <div className={styles.page} data-many={runs.length > 4 || undefined}>
        <CompareHeader
          runs={runs}
          actions={
            <AddRun
              experimentId={reference.experimentId}
              chosen={ids}
              onAdd={(id) => setRuns([...ids, id])}
            />
          }
        />
        <div className={styles.stack} aria-busy={comparison.isPlaceholderData}>
          <ErrorNote error={comparison.error} onRetry={() => void comparison.refetch()} />
          <LeftOut chosen={chosen} missing={missing.length} />
          <MeasurementsPanel
            runs={runs}
            onlyDifferent={search.different}
            onOnlyDifferent={(different) => void setSearch({ different: different || null })}
            onReference={(id) => setRuns([id, ...ids.filter((one) => one !== id)])}
            onRemove={(id) => setRuns(ids.filter((one) => one !== id))}
          />
          <AgreementPanel reference={reference} others={others} looked={looked} onLook={look} />
          {hasAnswers(others) && (
            <div className={styles.halves}>
              <ClassesPanel key={looked.id} reference={reference} other={looked} />
              <ExamplesPanel
                reference={reference}
                others={others}
                other={looked}
                show={search.show}
                page={search.page}
                onShow={(show) => void setSearch({ show: show === "all" ? null : show, page: null })}
                onPage={(page) => void setSearch({ page: page === 1 ? null : page })}
                onOther={look}
              />
            </div>
          )}
          <RecipesPanel runs={runs} />
        </div>
      </div>
    </ManyExperiments>
  );
}

/** Without answers per item in any of the runs, the agreement table has said why. */
function hasAnswers(others: readonly ComparedRun[]): boolean {
  return others.some((run) => run.comparison?.comparable);
}

function LeftOut({ chosen, missing }: { chosen: Chosen; missing: number }) {
  const t = useTranslations("compare.missing");
  const unknown = missing + chosen.malformed;
  if (unknown === 0 && chosen.beyond === 0) return null;
  return (
    <Notice tone="warning" role="status">
      {unknown > 0 && <div>{t("some", { count: unknown })}</div>}
      {chosen.beyond > 0 && <div>{t("beyond", { most, count: chosen.beyond })}</div>}
    </Notice>
  );
}
