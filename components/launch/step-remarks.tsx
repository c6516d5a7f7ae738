"use client";

import { useTranslations } from "next-intl";
import { thoseInNeed } from "#components/recipe/need-badge.tsx";
import { useTechniqueWords } from "#components/recipe/words/technique-words.ts";
import { useRemarkText } from "#components/remark/use-remark-text.ts";
import { useList } from "#components/ui/use-list.ts";
import { isLikelyApplicable } from "#contracts/recipe-card.ts";
import type { Inspection } from "#engine/inspect.schema.ts";
import { orderWarnings } from "#engine/passes/order-check.ts";
import type { Step } from "#engine/passes/step.schema.ts";
import styles from "./launch.module.css";

export interface StepRemarksProps {
  readonly steps: readonly Step[];
  readonly inspection: Inspection | null;
  readonly hasDataset: boolean;
}

/** What speaks against a recipe: steps that will find nothing to do with this model and data, or that undo each other. */
export function StepRemarks({ steps, inspection, hasDataset }: StepRemarksProps) {
  const t = useTranslations("recipe");
  const words = useTechniqueWords();
  const list = useList();
  const remark = useRemarkText();
  const [first, ...others] = orderWarnings(steps);
  const outOfOrder = first && remark(first.message);
  const needy = hasDataset ? [] : thoseInNeed(steps);
  const idle = inspection === null ? [] : steps.filter((step) => !isLikelyApplicable(step, inspection));
  const names = (uses: readonly string[]) => list([...new Set(uses)].map(words.name));
  return (
    <>
      {needy.length > 0 && (
        <span className={styles.cardWarning}>{t("noDataset", { steps: names(needy) })}</span>
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
