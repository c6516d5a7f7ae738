"use client";

import { IconPlus } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { usePlace } from "#components/model/use-place.ts";
import { LinkButton, TextLink } from "#components/ui/links.tsx";
import type { Page } from "#contracts/page.ts";
import type { RecipePreset, RecipeRow } from "#contracts/recipe.ts";
import { type CardChoice, isLikelyApplicable } from "#contracts/recipe-card.ts";
import type { Inspection } from "#engine/inspect.schema.ts";
import styles from "./launch.module.css";
import { RecipeChoice } from "./recipe-choice.tsx";
import { newestOf, SavedCard, type SavedChoice } from "./saved-choice.tsx";
import type { SplitCounts } from "./step-remarks.tsx";

export interface RecipesPartProps {
  readonly presets: readonly RecipePreset[];
  readonly recipes: Page<RecipeRow>;
  readonly choices: readonly CardChoice[];
  readonly saved: readonly SavedChoice[];
  readonly onChoice: (name: string, choice: CardChoice | undefined) => void;
  readonly onSaved: (slug: string, choice: SavedChoice | undefined) => void;
  readonly inspection: Inspection | null;
  readonly hasDataset: boolean;
  readonly splits: SplitCounts | undefined;
  /** Where a new recipe is composed; it comes back here when it is saved. */
  readonly createHref: string;
}

/** Recipes to choose: those that the project saved, and those that the engine names. */
export function RecipesPart({ presets, recipes, choices, saved, ...rest }: RecipesPartProps) {
  const t = useTranslations("recipe.launch");
  const launch = useTranslations("experiment.launch");
  const place = usePlace();
  const { inspection, hasDataset, splits, createHref } = rest;
  const rows = recipes.rows;
  // One that the address asks for stands there even where it is not among the newest.
  const others = saved.filter(({ slug }) => !rows.some((row) => row.slug === slug));
  const fits = ({ recipe }: RecipePreset) =>
    inspection === null || recipe.steps.every((step) => isLikelyApplicable(step, inspection));
  const ordered = presets.toSorted((one, other) => Number(fits(other)) - Number(fits(one)));
  const create = place.may("recipe.save") && (
    <LinkButton
      href={createHref}
      size="xs"
      variant="default"
      leftSection={<IconPlus size={14} aria-hidden />}
    >
      {t("create")}
    </LinkButton>
  );
  return (
    <section className={styles.part}>
      <div className={styles.partHead}>
        <h2 className={styles.partTitle}>
          {launch("recipes")}{" "}
          <span className={styles.partHint}>
            {launch("chosen", { count: choices.length + saved.length })}
          </span>
        </h2>
        {create}
      </div>
      {rows.length + others.length > 0 && (
        <>
          <h3 className={styles.partKind}>{t("own")}</h3>
          <div className={styles.cards}>
            {others.map((choice) => (
              <SavedCard
                key={choice.slug}
                newest={choice}
                name={choice.name}
                versions={choice.number}
                choice={choice}
                onChange={(next) => rest.onSaved(choice.slug, next)}
                inspection={inspection}
                hasDataset={hasDataset}
                splits={splits}
              />
            ))}
            {rows.map((row) => (
              <SavedCard
                key={row.slug}
                newest={newestOf(row)}
                name={row.name}
                versions={row.versions}
                choice={saved.find(({ slug }) => slug === row.slug)}
                onChange={(next) => rest.onSaved(row.slug, next)}
                inspection={inspection}
                hasDataset={hasDataset}
                splits={splits}
              />
            ))}
          </div>
          {recipes.nextCursor !== null && (
            <p className={styles.partNote}>
              {t("more")} <TextLink href={`${place.base}/recipes`}>{t("toRecipes")}</TextLink>
            </p>
          )}
          <h3 className={styles.partKind}>{t("named")}</h3>
        </>
      )}
      <div className={styles.cards}>
        {ordered.map((preset) => (
          <RecipeChoice
            key={preset.recipe.name}
            preset={preset}
            choice={choices.find(({ name }) => name === preset.recipe.name)}
            onChange={(choice) => rest.onChoice(preset.recipe.name, choice)}
            inspection={inspection}
            hasDataset={hasDataset}
            splits={splits}
          />
        ))}
      </div>
      {rows.length + others.length === 0 && create && <p className={styles.partNote}>{t("ownNone")}</p>}
    </section>
  );
}
