"use client";

import { IconPlugConnectedX } from "@tabler/icons-react";
import { useFormatter, useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { StillFrontier } from "#components/experiment/frontier/still-frontier.tsx";
import { useMetricText } from "#components/run/use-metric-text.ts";
import { useRecipeName } from "#components/run/use-recipe-name.ts";
import { type Crumb, PageHeader } from "#components/ui/page-header.tsx";
import type { SharedView } from "#contracts/share.ts";
import { canDraw, firstShown, metricsOf, plotRowsOf, runKey } from "./rows.ts";
import styles from "./share.module.css";
import { SharedDetails } from "./shared-details.tsx";
import { SharedTable } from "./shared-table.tsx";

export interface SharedPageProps {
  readonly view: SharedView;
  readonly crumbs: readonly Crumb[];
  /** Address of the file of a run, by its number. */
  readonly download: (run: number) => string;
  readonly isLost: boolean;
}

/** Exactly what was shared: the question, its runs, their measurements; nothing leads anywhere else. */
export function SharedPage({ view: given, crumbs, download, isLost }: SharedPageProps) {
  const nameOf = useRecipeName();
  // Every part of the page names runs, each by what it is given here.
  const view = useMemo(
    () => ({ ...given, runs: given.runs.map((run) => ({ ...run, recipeName: nameOf(run) })) }),
    [given, nameOf],
  );
  const { runs } = view;
  const [chosen, setChosen] = useState<string>();
  const [cost, setCost] = useState("size/file");
  const metrics = useMemo(() => metricsOf(runs), [runs]);
  const shownCost = metrics.costs.find((metric) => metric === cost) ?? metrics.costs[0];
  const selected = runs.find((run) => runKey(run) === chosen) ?? firstShown(runs);
  const baseline = runs.find((run) => run.isBaseline);
  return (
    <>
      <Head view={view} crumbs={crumbs} />
      <Lost isLost={isLost} />
      <div className={styles.frame}>
        <div className={styles.page}>
          <div className={styles.main}>
            {metrics.quality !== undefined &&
              shownCost !== undefined &&
              canDraw(runs, metrics.quality, shownCost) && (
                <Frontier
                  view={view}
                  quality={metrics.quality}
                  cost={shownCost}
                  costs={metrics.costs}
                  selected={selected ? runKey(selected) : null}
                  onCost={setCost}
                  onSelect={setChosen}
                />
              )}
            <SharedTable
              runs={runs}
              baseline={baseline}
              quality={metrics.quality}
              selected={selected}
              onSelect={setChosen}
              download={download}
            />
          </div>
          <aside className={styles.side}>
            {selected && <SharedDetails run={selected} baseline={baseline} download={download} />}
          </aside>
        </div>
      </div>
    </>
  );
}

function Lost({ isLost }: { isLost: boolean }) {
  const t = useTranslations("share.page");
  return (
    <div role="status">
      {isLost && (
        <p className={styles.lost}>
          <IconPlugConnectedX size={18} aria-hidden />
          {t("lost")}
        </p>
      )}
    </div>
  );
}

function Head({ view, crumbs }: Pick<SharedPageProps, "view" | "crumbs">) {
  const t = useTranslations("share.page");
  const format = useFormatter();
  const [only] = view.runs;
  const title =
    view.subject === "run" && only
      ? t("run", { question: view.question, recipe: only.recipeName })
      : view.question;
  return (
    <PageHeader
      title={title}
      crumbs={crumbs}
      meta={
        <>
          <span>{t("from", { organisation: view.from })}</span>
          <span>
            {view.expiresAt === null
              ? t("untilRevoked")
              : t("until", {
                  date: format.dateTime(view.expiresAt, { dateStyle: "medium", timeStyle: "short" }),
                })}
          </span>
          <span>{t(view.canDownload ? "withDownload" : "viewOnly")}</span>
          <span>{t("model", { name: view.model })}</span>
          <span>{view.dataset === null ? t("noDataset") : t("dataset", { name: view.dataset })}</span>
        </>
      }
    />
  );
}

interface FrontierProps {
  readonly view: SharedView;
  readonly quality: string;
  readonly cost: string;
  readonly costs: readonly string[];
  readonly selected: string | null;
  readonly onCost: (metric: string) => void;
  readonly onSelect: (key: string) => void;
}

function Frontier({ view, quality, ...rest }: FrontierProps) {
  const t = useTranslations("experiment.frontier");
  const page = useTranslations("share.page");
  const text = useMetricText();
  const rows = useMemo(() => plotRowsOf(view.runs), [view.runs]);
  return (
    <StillFrontier
      rows={rows}
      quality={quality}
      {...rest}
      words={{
        title: t("title"),
        hint: page("frontierHint"),
        empty: `${text.name(quality)} —`,
        apart: (count) => t("apart", { count }),
        missing: (count) => t("missing", { count }),
        summary: (of) => t("summary", of),
      }}
    />
  );
}
