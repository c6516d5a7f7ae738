"use client";

import { useTranslations } from "next-intl";
import { useEffect, useMemo, useState } from "react";
import { usePlace } from "#components/model/use-place.ts";
import { Columns } from "#components/ui/columns.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import type { RecipePreset } from "#contracts/recipe.ts";
import { orderWarnings } from "#engine/passes/order-check.ts";
import type { Recipe } from "#engine/recipe.schema.ts";
import { draftOfRecipe, emptyDraft } from "../draft/draft.ts";
import { RecipeEditor } from "./recipe-editor.tsx";
import { SavePanel } from "./save-panel.tsx";
import { useRecipeDraft } from "./use-recipe-draft.ts";

export interface EditorPageProps {
  readonly presets: readonly RecipePreset[];
  /** What to begin with; undefined for an empty recipe. */
  readonly start?: Recipe | undefined;
  /** The saved recipe that gets a new version. */
  readonly of?: { readonly slug: string; readonly name: string; readonly number: number };
  /** Where the saved recipe is wanted, if not on its own page. */
  readonly launchHref?: string | undefined;
}

/** Composes a recipe: new, from a known one, or as the next version of one that the project has. */
export function RecipeEditorPage({ presets, start, of, launchHref }: EditorPageProps) {
  const t = useTranslations("recipe.editor");
  const place = usePlace();
  const initial = useMemo(() => (start ? draftOfRecipe(start) : emptyDraft), [start]);
  const recipe = useRecipeDraft(initial);
  const [note, setNote] = useState("");
  useLeaveGuard(recipe.canUndo);
  const crumbs = place.crumbs("recipes");
  if (of) crumbs.push({ label: of.name, href: `${place.base}/recipes/${of.slug}/${of.number}` });
  return (
    <>
      <PageHeader
        title={of ? t("editTitle", { name: of.name }) : t("newTitle")}
        meta={of ? t("editLead", { number: of.number }) : t("newLead")}
        crumbs={crumbs}
      />
      <Columns side={<SavePanel recipe={recipe} note={note} onNote={setNote} launchHref={launchHref} />}>
        <RecipeEditor recipe={recipe} presets={presets} orderWarnings={orderWarnings} />
      </Columns>
    </>
  );
}

/** The browser asks before it leaves a page with unsaved work. */
function useLeaveGuard(isDirty: boolean): void {
  useEffect(() => {
    if (!isDirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isDirty]);
}
