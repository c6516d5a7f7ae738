"use client";

import { useTranslations } from "next-intl";
import { thoseInNeed, thoseThatTrain } from "#components/recipe/need-badge.tsx";
import { useTechniqueWords } from "#components/recipe/words/technique-words.ts";
import { useRemarkText } from "#components/remark/use-remark-text.ts";
import { useList } from "#components/ui/use-list.ts";
import { isLikelyApplicable } from "#contracts/recipe-card.ts";
import type { Inspection } from "#engine/inspect.schema.ts";
import { orderWarnings } from "#engine/passes/order-check.ts";
import type { Step } from "#engine/passes/step.schema.ts";
import styles from "./launch.module.css";

/** Items of each split of a dataset; a split that it lacks is absent. */
export type SplitCounts = Readonly<Partial<Record<"train" | "calibration" | "tuning" | "test", number>>>;

export interface StepRemarksProps {
  readonly steps: readonly Step[];
  readonly inspection: Inspection | null;
  readonly hasDataset: boolean;
  /** Items of each split of the dataset; undefined while that is not known. */
  readonly splits: SplitCounts | undefined;
}

/** What speaks against a recipe: steps that will find nothing to do with this model and data, or that undo each other. */
export function StepRemarks({ steps, inspection, hasDataset, splits }: StepRemarksProps) {
  const t = useTranslations("recipe");
  const words = useTechniqueWords();
  const list = useList();
  const remark = useRemarkText();
  const [first, ...others] = orderWarnings(steps);
  const outOfOrder = first && remark(first.message);
  const needy = hasDataset ? [] : thoseInNeed(steps);
  const training = hasDataset && splits ? thoseThatTrain(steps) : [];
  const isWithoutTrain = training.length > 0 && !splits?.train;
  const isWithoutTuning = training.length > 0 && !isWithoutTrain && !splits?.tuning;
  const idle = inspection === null ? [] : steps.filter((step) => !isLikelyApplicable(step, inspection));
  const names = (uses: readonly string[]) => list([...new Set(uses)].map(words.name));
  return (
    <>
      {needy.length > 0 && (
        <span className={styles.cardWarning}>{t("noDataset", { steps: names(needy) })}</span>
      )}
      {isWithoutTrain && (
        <span className={styles.cardWarning}>{t("launch.noTrain", { steps: names(training) })}</span>
      )}
      {isWithoutTuning && (
        <span className={styles.cardWarning}>{t("launch.noTuning", { steps: names(training) })}</span>
      )}
      {idle.length > 0 && (
        <span className={styles.cardWarning}>
          {t("launch.unlikely", { steps: names(idle.map(({ use }) => use)) })}
        </span>
      )}
      {outOfOrder && (
        <span className={styles.cardWarning} lang={outOfOrder.lang}>
          {outOfOrder.text}
        </span>
      )}
      {others.length > 0 && (
        <span className={styles.cardWarning}>{t("launch.moreOrder", { count: others.length })}</span>
      )}
    </>
  );
}
