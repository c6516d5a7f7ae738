"use client";

import { Stack, TagsInput } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { recipeFaults } from "#components/recipe/draft/fault.ts";
import { faultsAt } from "#components/recipe/form/field-props.ts";
import { StepFields } from "#components/recipe/form/step-fields.tsx";
import { useTechniqueWords } from "#components/recipe/words/technique-words.ts";
import type { RecipePreset } from "#contracts/recipe.ts";
import { type CardChoice, sweepOf } from "#contracts/recipe-card.ts";
import { withValue } from "#contracts/step-options.ts";
import styles from "./launch.module.css";

export interface CardFieldsProps {
  readonly preset: RecipePreset;
  readonly choice: CardChoice;
  readonly onChange: (choice: CardChoice) => void;
}

/** The options of a recipe's steps, each with its default; one of them may be given several values. */
export function CardFields({ preset, choice, onChange }: CardFieldsProps) {
  const words = useTechniqueWords();
  const sweep = sweepOf(preset);
  const content = {
    name: choice.name,
    steps: choice.steps.map(({ use, options }) => ({ use, ...options })),
  };
  const faults = faultsAt(recipeFaults(content), "steps");
  const set = (index: number, path: readonly string[], value: unknown) =>
    onChange({
      ...choice,
      steps: choice.steps.map((step, place) =>
        place === index ? { ...step, options: withValue(step.options, path, value) } : step,
      ),
    });
  return (
    <Stack gap="sm">
      {sweep && <Shares choice={choice} onChange={onChange} fallback={sweep.fallback} />}
      {choice.steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a card's steps have no name of their own, and never move.
        <section key={index} aria-label={words.name(step.use)}>
          {choice.steps.length > 1 && <h3 className={styles.cardStep}>{words.name(step.use)}</h3>}
          <StepFields
            step={step}
            faults={faultsAt(faults, index)}
            onChange={(path, value) => set(index, path, value)}
            without={sweep ? [sweep.key] : []}
          />
        </section>
      ))}
    </Stack>
  );
}

interface SharesProps {
  readonly choice: CardChoice;
  readonly onChange: (choice: CardChoice) => void;
  readonly fallback: number;
}

/** Shares are typed in per cent; each one is a run. */
function Shares({ choice, onChange, fallback }: SharesProps) {
  const t = useTranslations("experiment.launch.shares");
  const [isWrong, setIsWrong] = useState(false);
  const change = (texts: string[]) => {
    // Pasted lists come as one text.
    const parts = texts.flatMap((text) => text.split(/[\s,;，、；]+/)).filter((part) => part !== "");
    const numbers = parts.map((text) => Number(text.replace(/[%％]$/, "")) / 100);
    const fits = numbers.every((number) => number > 0 && number < 1);
    setIsWrong(!fits);
    const usable = numbers.filter((number) => number > 0 && number < 1);
    onChange({ ...choice, shares: [...new Set(usable.map((number) => Number(number.toFixed(4))))] });
  };
  return (
    <TagsInput
      size="xs"
      label={t("label")}
      description={t("help")}
      placeholder={choice.shares.length === 0 ? String(fallback * 100) : undefined}
      value={choice.shares.map((share) => String(Number((share * 100).toFixed(2))))}
      onChange={change}
      error={isWrong ? t("error") : undefined}
      splitChars={[",", " ", "，", "、"]}
      maxTags={12}
      acceptValueOnBlur
      // The frame around it shows the focus.
      styles={{ inputField: { outline: "none" } }}
    />
  );
}
