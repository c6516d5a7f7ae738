"use client";

import { IconPlugConnectedX, IconPlus } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useMemo } from "react";
import type { Loaded } from "#components/api/use-loaded.ts";
import { usePlace } from "#components/model/use-place.ts";
import { LinkButton, TextLink } from "#components/ui/links.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { ExperimentDetail } from "#contracts/experiment.ts";
import { hasEnded, type RunRow, type RunTable } from "#contracts/run.ts";
import { verdictOf } from "#contracts/verdict.ts";
import { totalOf } from "./counts.tsx";
import styles from "./experiment.module.css";
import { FrontierPanel } from "./frontier/frontier-panel.tsx";
import { RunSide } from "./run-side.tsx";
import { RunsPanel } from "./runs-panel.tsx";
import { useAllRuns, useExperimentDetail, useExperimentLive } from "./use-experiment.ts";
import { useView } from "./use-view.ts";
import { VerdictBar } from "./verdict-bar.tsx";

export interface ExperimentPageProps {
  readonly loaded: Loaded<ExperimentDetail>;
  /** First page of all runs in the order of their launch, with the metrics that the address asks for. */
  readonly runs: Loaded<RunTable>;
  /** Columns that `runs` was read with. */
  readonly columns: readonly string[];
  /** What other rooms add beside the runs: notes, sharing. */
  readonly aside?: ReactNode;
  readonly actions?: ReactNode;
}

/** One question with its runs: verdict, picture, table, and the selected run beside them. */
export function ExperimentPage(props: ExperimentPageProps) {
  return (
    <NuqsAdapter>
      <Page {...props} />
    </NuqsAdapter>
  );
}

function Page({ loaded, runs, columns, aside, actions }: ExperimentPageProps) {
  const place = usePlace();
  const experiment = useExperimentDetail(place.org, loaded);
  const { search, setSearch, view } = useView(experiment);
  const isAsLoaded = view.columns.join() === columns.join();
  const all = useAllRuns(
    { org: place.org, experimentId: experiment.id, columns: view.columns },
    isAsLoaded ? runs : undefined,
  );
  const { isLost } = useExperimentLive(place.org, experiment.id, view.columns);
  const baseline = all.find((row) => row.isBaseline);
  const question = useMemo(
    () => ({
      quality: view.quality ?? null,
      size: view.cost.startsWith("size/") ? view.cost : "size/file",
      speed: "latency/p50",
      budget: search.budget,
    }),
    [view.quality, view.cost, search.budget],
  );
  const verdict = useMemo(() => verdictOf(all, question), [all, question]);
  const units = useMemo(
    () => Object.fromEntries(experiment.metrics.map(({ id, unit }) => [id, unit])),
    [experiment.metrics],
  );
  // Without a choice the side shows what the verdict names.
  const suggested = verdict.smallest ?? verdict.fastest ?? verdict.closest;
  const selected =
    all.find((row) => row.number === search.run) ??
    all.find((row) => row.id === suggested?.run.id) ??
    all[1] ??
    all[0];
  const select = (runId: string) =>
    void setSearch({ run: all.find((row) => row.id === runId)?.number ?? null });
  return (
    <>
      <Head experiment={experiment} isLost={isLost} actions={actions} />
      <div className={styles.page}>
        <div className={styles.wide}>
          <VerdictBar
            verdict={verdict}
            question={{ ...question, quality: question.quality ?? "" }}
            units={units}
            overlapUnknown={experiment.overlapUnknown}
            isUntrained={experiment.isUntrained}
            pending={experiment.counts.running + experiment.counts.queued}
            onSelect={select}
          />
        </div>
        <div className={styles.main}>
          <Frontier
            all={all}
            view={view}
            search={search}
            setSearch={setSearch}
            selected={selected}
            onSelect={select}
          />
          <RunsPanel
            experiment={experiment}
            all={all}
            loaded={isAsLoaded ? runs : undefined}
            baseline={baseline}
            view={view}
            search={search}
            setSearch={setSearch}
            selected={selected?.id ?? null}
            onSelect={select}
          />
        </div>
        <aside className={styles.side}>
          {selected && (
            <RunSide
              key={selected.id}
              row={selected}
              baseline={baseline}
              experiment={experiment}
              quality={view.quality ?? null}
            />
          )}
          {aside}
        </aside>
      </div>
    </>
  );
}

/** As precise as a pointer is; addresses stay short. */
const rounded = (value: number) => Number(value.toPrecision(6));

type ViewState = ReturnType<typeof useView>;

function Frontier({
  all,
  view,
  search,
  setSearch,
  selected,
  onSelect,
}: ViewState & { all: readonly RunRow[]; selected: RunRow | undefined; onSelect: (runId: string) => void }) {
  const t = useTranslations("experiment.frontier");
  const { quality } = view;
  if (!quality) {
    const isWaiting = all.some((row) => !hasEnded(row.state));
    return (
      <Panel title={t("title")}>
        <p className={styles.quiet}>{isWaiting ? t("waiting") : t("noQuality")}</p>
      </Panel>
    );
  }
  return (
    <FrontierPanel
      rows={all}
      quality={quality}
      qualities={view.qualities}
      cost={view.cost}
      costs={view.costs}
      budget={search.budget}
      selected={selected?.id ?? null}
      onQuality={(id) => void setSearch({ quality: id, y: null })}
      onCost={(id) => void setSearch({ cost: view.costs.find((cost) => cost === id) ?? null, x: null })}
      onBudget={(budget) => void setSearch({ budget })}
      onSelect={onSelect}
      onBrush={({ x, y }) => void setSearch({ x: x.map(rounded), y: y.map(rounded) })}
    />
  );
}

function Head({
  experiment,
  isLost,
  actions,
}: {
  experiment: ExperimentDetail;
  isLost: boolean;
  actions: ReactNode;
}) {
  const t = useTranslations("experiment");
  const live = useTranslations("run.live");
  const rooms = useTranslations("shell.rooms");
  const place = usePlace();
  const { counts, model, dataset } = experiment;
  const active = counts.running + counts.queued;
  return (
    <>
      <PageHeader
        title={experiment.question}
        crumbs={[...place.crumbs(), { label: rooms("experiments"), href: `${place.base}/experiments` }]}
        meta={
          <>
            <TextLink href={`${place.base}/models/${model.slug}/${model.number}`} c="inherit">
              {t("version", { name: model.name, number: model.number })}
            </TextLink>
            {dataset ? (
              <TextLink href={`${place.base}/datasets/${dataset.slug}/${dataset.number}`} c="inherit">
                {t("version", { name: dataset.name, number: dataset.number })}
              </TextLink>
            ) : (
              <span>{t("noDataset")}</span>
            )}
            <span>{t("runs", { count: totalOf(counts) })}</span>
            <span>{t(`protocol.${experiment.protocol}`)}</span>
            {active > 0 && (
              <span className={styles.running} data-waiting={counts.running === 0 || undefined}>
                <span className={styles.dot} aria-hidden />
                {t("active", { running: counts.running, queued: counts.queued })}
              </span>
            )}
          </>
        }
        actions={
          <>
            {actions}
            {place.may("experiment.create") && (
              <LinkButton
                href={`${place.base}/experiments/new?into=${experiment.number}`}
                leftSection={<IconPlus size={16} aria-hidden />}
              >
                {t("newRuns")}
              </LinkButton>
            )}
          </>
        }
      />
      <div role="status">
        {isLost && (
          <p className={styles.lost} style={{ margin: "0 0 16px" }}>
            <IconPlugConnectedX size={18} aria-hidden />
            {live("lost")}
          </p>
        )}
      </div>
    </>
  );
}
