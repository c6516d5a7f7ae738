"use client";

import { Checkbox, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useId } from "react";
import { useTRPC } from "#components/api/client.ts";
import { usePlace } from "#components/model/use-place.ts";
import { StepChain } from "#components/recipe/step-chain.tsx";
import type { RecipeRow } from "#contracts/recipe.ts";
import type { Inspection } from "#engine/inspect.schema.ts";
import type { Recipe } from "#engine/recipe.schema.ts";
import styles from "./launch.module.css";
import { type SplitCounts, StepRemarks } from "./step-remarks.tsx";

/** A version of a recipe that the project saved. */
export interface SavedChoice {
  readonly slug: string;
  readonly name: string;
  readonly versionId: string;
  readonly number: number;
  readonly note: string;
  readonly recipe: Recipe;
}

export function newestOf({ slug, name, latest }: RecipeRow): SavedChoice | undefined {
  const { id, number, note, recipe } = latest;
  return recipe ? { slug, name, versionId: id, number, note, recipe } : undefined;
}

export interface SavedCardProps {
  /** What the card stands for while it is not chosen; undefined where this engine does not understand it. */
  readonly newest: SavedChoice | undefined;
  readonly name: string;
  readonly versions: number;
  readonly choice: SavedChoice | undefined;
  readonly onChange: (choice: SavedChoice | undefined) => void;
  readonly inspection: Inspection | null;
  readonly hasDataset: boolean;
  readonly splits: SplitCounts | undefined;
}

/** A saved recipe to choose, in its newest version or another. */
export function SavedCard({ newest, name, versions, choice, onChange, ...about }: SavedCardProps) {
  const t = useTranslations("recipe");
  const id = useId();
  const shown = choice ?? newest;
  return (
    <div className={styles.card} data-chosen={choice !== undefined || undefined}>
      <label className={styles.cardFace} htmlFor={id}>
        <span className={styles.cardHead}>
          <Checkbox
            id={id}
            checked={choice !== undefined}
            disabled={!newest}
            onChange={(event) => onChange(event.currentTarget.checked ? newest : undefined)}
            aria-describedby={`${id}-text`}
          />
          <span className={styles.cardName}>{name}</span>
          {shown && <span className={styles.expected}>{t("version", { number: shown.number })}</span>}
        </span>
        <span id={`${id}-text`}>
          {shown ? (
            <>
              {shown.note !== "" && <span className={styles.cardText}>{shown.note}</span>}
              <span className={styles.cardPays}>
                <StepChain recipe={shown.recipe} />
              </span>
            </>
          ) : (
            <span className={styles.cardWarning}>{t("launch.unreadable")}</span>
          )}
        </span>
        {shown && <StepRemarks steps={shown.recipe.steps} {...about} />}
      </label>
      {choice && versions > 1 && (
        <div className={styles.cardOptions}>
          <VersionChoice choice={choice} onChange={onChange} />
        </div>
      )}
    </div>
  );
}

function VersionChoice({
  choice,
  onChange,
}: {
  choice: SavedChoice;
  onChange: (choice: SavedChoice) => void;
}) {
  const t = useTranslations("recipe");
  const { org, project } = usePlace();
  const trpc = useTRPC();
  const detail = useQuery(trpc.recipe.get.queryOptions({ org, project, recipe: choice.slug }));
  const usable = (detail.data?.versions ?? []).filter(({ recipe }) => recipe !== null);
  const item = (number: number, note: string) => ({
    value: String(number),
    label: note === "" ? t("version", { number }) : t("titled", { name: note.slice(0, 60), number }),
  });
  return (
    <NativeSelect
      size="xs"
      aria-label={t("launch.versionOf", { name: choice.name })}
      value={String(choice.number)}
      onChange={(event) => {
        const version = usable.find(({ number }) => String(number) === event.currentTarget.value);
        if (!version?.recipe) return;
        const { id, number, note, recipe } = version;
        onChange({ ...choice, versionId: id, number, note, recipe });
      }}
      data={
        usable.length > 0
          ? usable.map(({ number, note }) => item(number, note))
          : [item(choice.number, choice.note)]
      }
    />
  );
}
