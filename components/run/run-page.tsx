"use client";

import { IconPlugConnectedX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useTRPC } from "#components/api/client.ts";
import type { Loaded } from "#components/api/use-loaded.ts";
import { usePlace } from "#components/model/use-place.ts";
import type { ExperimentDetail } from "#contracts/experiment.ts";
import { hasEnded, type RunDetail, type RunLogLine } from "#contracts/run.ts";
import { ClassPanel } from "./class-panel.tsx";
import { CurvesPanel } from "./curves/curves-panel.tsx";
import { FilesPanel } from "./files-panel.tsx";
import { LogPanel } from "./log-panel.tsx";
import { MeasurementsPanel } from "./measurements-panel.tsx";
import { ProblemPanel } from "./problem-panel.tsx";
import { ProgressLine } from "./progress-line.tsx";
import styles from "./run.module.css";
import { RunHeader } from "./run-header.tsx";
import { SeriesPanel } from "./series-panel.tsx";
import { StepsPanel } from "./steps-panel.tsx";
import { useRunLive } from "./use-run-live.ts";

export interface RunPageProps {
  readonly loaded: Loaded<RunDetail>;
  readonly log: Loaded<readonly RunLogLine[]>;
  readonly experiment: Loaded<ExperimentDetail>;
  /** What other rooms add: notes, sharing. */
  readonly aside?: ReactNode;
  readonly actions?: ReactNode;
}

/** One run: how far it is, what was measured, what was done, what went wrong, what can be taken away. */
export function RunPage({ loaded, log, experiment, aside, actions }: RunPageProps) {
  const place = usePlace();
  const { run, lines, points, isLost, readEarlier, isReading } = useRunLive(place.org, loaded, log);
  const trpc = useTRPC();
  const baseline = useQuery({
    ...trpc.run.get.queryOptions({ org: place.org, runId: run.baselineRunId ?? run.id }),
    enabled: run.baselineRunId !== null && !run.isBaseline,
  });
  const isActive = !hasEnded(run.state);
  return (
    <>
      <RunHeader run={run} experiment={experiment.data} actions={actions} />
      <Lost isLost={isLost} />
      <div className={styles.page}>
        <div className={styles.main}>
          {isActive && <LiveBar run={run} />}
          <ProblemPanel run={run} />
          <CurvesPanel run={run} live={points} />
          <SeriesPanel run={run} live={points} />
          <MeasurementsPanel run={run} baseline={baseline.data} />
          <ClassPanel run={run} dataset={experiment.data.dataset} />
          <StepsPanel run={run} />
          <LogPanel
            lines={lines}
            lastSeq={run.lastSeq}
            isActive={isActive}
            onEarlier={readEarlier}
            isReading={isReading}
          />
        </div>
        <aside className={styles.side}>
          <FilesPanel run={run} experiment={experiment.data} />
          {aside}
        </aside>
      </div>
    </>
  );
}

function Lost({ isLost }: { isLost: boolean }) {
  const t = useTranslations("run.live");
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

function LiveBar({ run }: { run: RunDetail }) {
  const t = useTranslations("run.progress");
  return (
    <div className={styles.live}>
      <ProgressLine
        state={run.state}
        progress={run.progress}
        attempt={run.attempt}
        label={t("label", { recipe: run.recipeName })}
      />
    </div>
  );
}
