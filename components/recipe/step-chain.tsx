"use client";

import type { StepDraft } from "#contracts/step-options.ts";
import { draftOfStep } from "#contracts/step-options.ts";
import type { Recipe } from "#engine/recipe.schema.ts";
import styles from "./recipe.module.css";
import { useOptionFacts } from "./words/use-option-facts.ts";

/** Steps that a line of a list shows. */
const mostShown = 4;

/** A recipe in one line: its steps in order, each with what differs from its defaults. */
export function StepChain({ recipe }: { recipe: Recipe }) {
  const facts = useOptionFacts();
  const shown = recipe.steps.slice(0, mostShown).map(draftOfStep);
  const words = (step: StepDraft) =>
    facts(step)
      .map(({ value }) => value)
      .slice(0, 3)
      .join(", ");
  return (
    <span className={styles.chain}>
      {shown.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps of a saved recipe have no name of their own, and never move.
        <span key={index} className={styles.link}>
          {index > 0 && <span aria-hidden>→ </span>}
          <code>{step.use}</code> {words(step)}
        </span>
      ))}
      {recipe.steps.length > mostShown && <span>{`+${recipe.steps.length - mostShown}`}</span>}
    </span>
  );
}
