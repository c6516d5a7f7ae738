"use client";

import { ActionIcon, Checkbox, Collapse } from "@mantine/core";
import { IconAdjustments } from "@tabler/icons-react";
import { useLocale, useTranslations } from "next-intl";
import { useId, useState } from "react";
import { usePresetWords } from "#components/recipe/preset-words.ts";
import { useTechniqueWords } from "#components/recipe/words/technique-words.ts";
import { useValueText } from "#components/recipe/words/use-value-text.ts";
import { useMetricText } from "#components/run/use-metric-text.ts";
import { formatShare } from "#components/ui/format.ts";
import { useList } from "#components/ui/use-list.ts";
import { useRatio } from "#components/ui/use-ratio.ts";
import type { RecipePreset } from "#contracts/recipe.ts";
import {
  type CardChoice,
  changedOptions,
  choiceOf,
  expectedBytes,
  recipesOf,
  sweepOf,
} from "#contracts/recipe-card.ts";
import { stepOf } from "#contracts/step-options.ts";
import type { Inspection } from "#engine/inspect.schema.ts";
import { CardFields } from "./card-fields.tsx";
import styles from "./launch.module.css";
import { type SplitCounts, StepRemarks } from "./step-remarks.tsx";

export interface RecipeChoiceProps {
  readonly preset: RecipePreset;
  /** undefined where the recipe is not chosen. */
  readonly choice: CardChoice | undefined;
  readonly onChange: (choice: CardChoice | undefined) => void;
  readonly inspection: Inspection | null;
  readonly hasDataset: boolean;
  readonly splits: SplitCounts | undefined;
}

/** A recipe to choose: what it does, when it pays, what to expect of it, and its options. */
export function RecipeChoice({
  preset,
  choice,
  onChange,
  inspection,
  hasDataset,
  splits,
}: RecipeChoiceProps) {
  const t = useTranslations("experiment.launch");
  const words = usePresetWords()(preset);
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const { name } = preset.recipe;
  const isChosen = choice !== undefined;
  const current = choice ?? choiceOf(preset);
  const steps = current.steps.flatMap((step) => stepOf(step) ?? []);
  const fits = recipesOf(preset, current, 0) !== undefined;
  return (
    <div className={styles.card} data-chosen={isChosen || undefined}>
      <label className={styles.cardFace} htmlFor={id}>
        <span className={styles.cardHead}>
          <Checkbox
            id={id}
            checked={isChosen}
            onChange={(event) => onChange(event.currentTarget.checked ? choiceOf(preset) : undefined)}
            aria-describedby={`${id}-text`}
          />
          <span className={styles.cardName}>{name}</span>
          <Expected preset={preset} choice={current} inspection={inspection} />
        </span>
        <span id={`${id}-text`} lang={words.lang}>
          <span className={styles.cardText}>{words.text}</span>
          <span className={styles.cardPays}>{words.pays}</span>
        </span>
        <StepRemarks steps={steps} inspection={inspection} hasDataset={hasDataset} splits={splits} />
      </label>
      {isChosen && (
        <div className={styles.cardOptions}>
          <div className={styles.cardSummary} data-wrong={!fits || undefined}>
            <span>
              <Options preset={preset} choice={current} />
            </span>
            <ActionIcon
              size="md"
              onClick={() => setIsOpen(!isOpen)}
              aria-expanded={isOpen}
              aria-controls={`${id}-options`}
              aria-label={t("editOptions", { recipe: name })}
            >
              <IconAdjustments size={16} aria-hidden />
            </ActionIcon>
          </div>
          <Collapse expanded={isOpen} id={`${id}-options`}>
            <div className={styles.cardForm}>
              <CardFields preset={preset} choice={current} onChange={onChange} />
            </div>
          </Collapse>
        </div>
      )}
    </div>
  );
}

/** How many times smaller: computed from this model's weights where it is known, said in general otherwise. */
function Expected({
  preset,
  choice,
  inspection,
}: Pick<RecipeChoiceProps, "preset" | "inspection"> & { choice: CardChoice }) {
  const t = useTranslations("experiment.launch");
  const times = useRatio();
  const text = useMetricText();
  const words = usePresetWords()(preset);
  const steps = choice.steps.flatMap((step) => stepOf(step) ?? []);
  const bytes = inspection === null ? undefined : expectedBytes(steps, inspection);
  if (inspection === null || bytes === undefined)
    return words.expected === "" ? null : <span className={styles.expected}>{words.expected}</span>;
  const ratio = inspection.bytes / Math.max(1, bytes);
  const said = ratio < 1.02 ? t("sameSize") : t("about", { ratio: times(ratio) });
  return (
    <span className={styles.expected} title={t("expectedHelp", { size: text.quantity(bytes, "B") })}>
      {said}
    </span>
  );
}

/** The options in force: the one that may have several values, and whatever was changed. */
function Options({ preset, choice }: { preset: RecipePreset; choice: CardChoice }) {
  const t = useTranslations("experiment.launch");
  const words = useTechniqueWords();
  const value = useValueText();
  const locale = useLocale();
  const list = useList();
  const sweep = sweepOf(preset);
  const shares = sweep ? (choice.shares.length > 0 ? choice.shares : [sweep.fallback]) : [];
  const changed = changedOptions(preset, choice).filter(({ key }) => key !== sweep?.key);
  const parts = [
    ...(sweep
      ? [
          t("option", {
            name: t("shares.label"),
            value: list(shares.map((share) => formatShare(share, locale))),
          }),
        ]
      : []),
    ...changed.map((one) =>
      t("option", { name: words.option(one.use, [one.key]).label, value: value(one.value) }),
    ),
    ...(changed.length === 0 && choice.shares.length === 0 ? [t("defaults")] : []),
  ];
  return parts.join(" · ");
}
