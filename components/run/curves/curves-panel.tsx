"use client";

import { Tabs } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { usePlace } from "#components/model/use-place.ts";
import { useTechniqueWords } from "#components/recipe/words/technique-words.ts";
import { AsTableButton } from "#components/ui/as-table-button.tsx";
import { TextLink } from "#components/ui/links.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { hasEnded, type RunDetail } from "#contracts/run.ts";
import type { LivePoints } from "../live-state.ts";
import type { Course } from "./course.ts";
import { CurveChart } from "./curve-chart.tsx";
import { CurveLegend } from "./curve-legend.tsx";
import { CurveTable } from "./curve-table.tsx";
import styles from "./curves.module.css";
import { type Training, trainingsOf } from "./trainings.ts";
import { useCourse } from "./use-course.ts";
import { useCurveText } from "./use-curve-text.ts";

/** How the steps of a run that train go on, while they do and afterwards; one behind the other in tabs. */
export function CurvesPanel({ run, live }: { run: RunDetail; live: LivePoints }) {
  const t = useTranslations("run.curves");
  const words = useTechniqueWords();
  const trainings = trainingsOf(run);
  const [isTable, setIsTable] = useState(false);
  const [chosen, setChosen] = useState<number>();
  const newest = trainings.findLast(({ series }) => series.loss !== undefined) ?? trainings[0];
  const training = trainings.find(({ at }) => at === chosen) ?? newest;
  const hasPoints = trainings.some(({ series }) => series.loss !== undefined);
  if (training === undefined || run.isBaseline || (hasEnded(run.state) && !hasPoints)) return null;
  return (
    <Panel
      title={t("title")}
      hint={<TextLink href="/guide/training">{t("how")}</TextLink>}
      actions={hasPoints && <AsTableButton isTable={isTable} onChange={setIsTable} label={t("asTable")} />}
    >
      {trainings.length === 1 ? (
        <OneTraining run={run} training={training} live={live} isTable={isTable} />
      ) : (
        <Tabs
          value={String(training.at)}
          onChange={(value) => setChosen(value === null ? undefined : Number(value))}
          keepMounted={false}
        >
          <Tabs.List mb="md">
            {trainings.map(({ at, use }) => (
              <Tabs.Tab key={at} value={String(at)}>
                {t("step", { number: at + 1, name: words.name(use) })}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {trainings.map((one) => (
            <Tabs.Panel key={one.at} value={String(one.at)}>
              <OneTraining run={run} training={one} live={live} isTable={isTable} />
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
    </Panel>
  );
}

interface OneTrainingProps {
  readonly run: RunDetail;
  readonly training: Training;
  readonly live: LivePoints;
  readonly isTable: boolean;
}

function OneTraining({ run, training, live, isTable }: OneTrainingProps) {
  const t = useTranslations("run.curves");
  const words = useTechniqueWords();
  const place = usePlace();
  const course = useCourse(place.org, run, training, live);
  const summary = useSummary(course, words.name(training.use));
  // Its points are on their way: their place is kept.
  if (course.loss.values.length === 0 && training.series.loss !== undefined)
    return <div className={styles.coming} />;
  if (course.loss.values.length === 0)
    return <p className={styles.empty}>{t(hasEnded(run.state) ? "never" : "waiting")}</p>;
  return (
    <>
      <CurveLegend course={course} />
      {isTable ? (
        <CurveTable course={course} label={summary} />
      ) : (
        <CurveChart course={course} summary={summary} />
      )}
      <p className={styles.note}>
        <Verdict course={course} isActive={!hasEnded(run.state)} /> {t("smoothing")}
      </p>
    </>
  );
}

function Verdict({ course, isActive }: { course: Course; isActive: boolean }) {
  const t = useTranslations("run.curves");
  const text = useCurveText();
  const { kept, tuningLoss, zeros } = course;
  if (kept === "none") return t("keptNone");
  if (kept !== undefined) return t(kept.isFinal ? "keptText" : "bestText", { epoch: text.count(kept.epoch) });
  if (!isActive) return null;
  if (zeros.values.length > 0) return t("settling");
  return tuningLoss.values.length === 0 ? t("noEpochYet") : null;
}

/** The picture in one sentence. */
function useSummary(course: Course, name: string): string {
  const t = useTranslations("run.curves");
  const text = useCurveText();
  return t("summary", {
    name,
    batches: text.count(course.lastStep),
    first: text.loss(course.smooth[0]),
    last: text.loss(course.smooth.at(-1)),
    accuracy: text.share(course.tuningAccuracy.values.at(-1)),
    hasAccuracy: String(course.tuningAccuracy.values.length > 0),
  });
}
