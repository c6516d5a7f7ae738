"use client";

import { useTranslations } from "next-intl";
import { Ordinal } from "#components/ui/ordinal.tsx";
import { draftOfStep, type StepDraft } from "#contracts/step-options.ts";
import type { Recipe } from "#engine/recipe.schema.ts";
import styles from "./recipe.module.css";
import { StepName } from "./step-name.tsx";
import { useTechniqueWords } from "./words/technique-words.ts";
import { useOptionFacts } from "./words/use-option-facts.ts";

/** The steps of a saved recipe: what each does, and what differs from its defaults. */
export function RecipeSteps({ recipe }: { recipe: Recipe }) {
  return (
    <ol className={styles.steps}>
      {recipe.steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps of a saved recipe have no name of their own, and never move.
        <li key={index}>
          <Ordinal position={index + 1} />
          <Step step={draftOfStep(step)} />
        </li>
      ))}
    </ol>
  );
}

function Step({ step }: { step: StepDraft }) {
  const t = useTranslations("recipe.page");
  const words = useTechniqueWords();
  const facts = useOptionFacts()(step);
  return (
    <div className={styles.stepBody}>
      <StepName step={step} />
      <p className={styles.stepText}>{words.text(step.use)}</p>
      {facts.length === 0 ? (
        <p className={styles.quiet}>{t("optionDefault")}</p>
      ) : (
        <dl className={styles.options}>
          {facts.map(({ key, label, value }) => (
            <div key={key}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
