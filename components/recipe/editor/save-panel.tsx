"use client";

import { Button, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { usePlace } from "#components/model/use-place.ts";
import { notifyDone } from "#components/ui/notify.ts";
import { Panel } from "#components/ui/panel.tsx";
import { StillMissing } from "#components/ui/still-missing.tsx";
import { useIsAwake } from "#components/ui/use-is-awake.ts";
import { useList } from "#components/ui/use-list.ts";
import { maxRecipeName, type RecipeRow, type SavedRecipe } from "#contracts/recipe.ts";
import type { Fault } from "../draft/fault.ts";
import { faultsAt } from "../form/field-props.ts";
import { numberOf } from "../form/number-of.ts";
import { useFirstFault } from "../form/use-first-fault.ts";
import { useOwnText } from "../form/use-own-text.ts";
import styles from "./editor.module.css";
import type { RecipeDraft } from "./use-recipe-draft.ts";

export interface SavePanelProps {
  readonly recipe: RecipeDraft;
  readonly note: string;
  readonly onNote: (note: string) => void;
  /** Where the saved recipe is wanted, if not on its own page. */
  readonly launchHref: string | undefined;
}

/** Name, note and seed; what is still missing, and the button. */
export function SavePanel({ recipe, note, onNote, launchHref }: SavePanelProps) {
  const t = useTranslations("recipe.editor");
  const isAwake = useIsAwake();
  const first = useFirstFault();
  const { draft, change, faults } = recipe;
  const present = useRecipeNamed(draft.name.trim());
  const missing = useMissing(recipe);
  const save = useSave(launchHref);
  const named = faultsAt(faults, "name").filter(({ words }) => words?.key !== "nameMissing");
  const seed = useOwnText<unknown>(
    draft.seed,
    (value) => (value === undefined ? "" : String(value)),
    numberOf,
    (value) => change((now) => ({ ...now, seed: value ?? 0 }), "seed"),
  );
  const next = present ? present.latest.number + 1 : 1;
  return (
    <Panel title={t("save")}>
      <form
        className={styles.saveForm}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (recipe.recipe && missing.length === 0) save.start(recipe.recipe, note);
        }}
      >
        <TextInput
          label={t("name")}
          description={t("nameHelp")}
          disabled={!isAwake}
          value={draft.name}
          maxLength={maxRecipeName + 20}
          error={first(named)}
          onChange={(event) => {
            const name = event.currentTarget.value;
            change((now) => ({ ...now, name }), "name");
          }}
          autoComplete="off"
        />
        {draft.name.trim() !== "" && (
          <p className={styles.hint}>
            {!present
              ? t("asNew")
              : next === 2
                ? t("asSecond", { name: present.name })
                : t("asVersion", { name: present.name, number: next, last: next - 1 })}
          </p>
        )}
        <Textarea
          label={t("note")}
          description={t("noteHelp")}
          disabled={!isAwake}
          value={note}
          maxLength={500}
          autosize
          minRows={2}
          maxRows={6}
          onChange={(event) => onNote(event.currentTarget.value)}
        />
        <TextInput
          label={t("seed")}
          description={t("seedHelp")}
          inputMode="numeric"
          value={seed.text}
          error={first(faultsAt(faults, "seed"))}
          onChange={(event) => seed.set(event.currentTarget.value)}
          onBlur={seed.settle}
          autoComplete="off"
        />
        <Button
          type="submit"
          size="md"
          fullWidth
          disabled={missing.length > 0}
          loading={save.isPending}
          aria-describedby="save-missing"
        >
          {next === 1 ? t("save") : t("saveVersion", { number: next })}
        </Button>
      </form>
      <StillMissing id="save-missing" title={t("missing")} missing={missing}>
        {launchHref !== undefined && t("thenLaunch")}
      </StillMissing>
      <ErrorNote error={save.error} />
    </Panel>
  );
}

/** The project's recipe of exactly this name, in use or archived. */
function useRecipeNamed(name: string): RecipeRow | undefined {
  const { org, project } = usePlace();
  const trpc = useTRPC();
  const about = { org, project, limit: 200 };
  const active = useQuery(trpc.recipe.list.queryOptions({ ...about, archived: false }));
  const archived = useQuery(trpc.recipe.list.queryOptions({ ...about, archived: true }));
  return [...(active.data?.rows ?? []), ...(archived.data?.rows ?? [])].find((row) => row.name === name);
}

/** What keeps the button from working. */
function useMissing({ draft, faults, isBroken }: RecipeDraft): string[] {
  const t = useTranslations("recipe.editor");
  const list = useList();
  const place = usePlace();
  const wrong = faults.filter(({ words }) => words?.key !== "nameMissing" && words?.key !== "noSteps");
  return [
    !place.may("recipe.save") && t("missingRole"),
    draft.name.trim() === "" && t("missingName"),
    isBroken && t("missingYaml"),
    !isBroken && draft.steps.length === 0 && t("missingSteps"),
    // Of broken YAML nothing is known but that: the steps are those of before.
    !isBroken &&
      wrong.length > 0 &&
      t("missingOptions", {
        count: wrong.length,
        places: list([...new Set(wrong.map((fault) => placeOf(fault, t)))]),
      }),
  ].filter((words) => words !== false);
}

function placeOf({ path }: Fault, t: ReturnType<typeof useTranslations<"recipe.editor">>): string {
  const place = path[0] === "steps" ? path[1] : undefined;
  return typeof place === "number" ? t("place", { position: place + 1 }) : t("placeRecipe");
}

function useSave(launchHref: string | undefined) {
  const t = useTranslations("recipe.editor");
  const { org, project, base } = usePlace();
  const router = useRouter();
  const trpc = useTRPC();
  const client = useQueryClient();
  const done = async ({ slug, number, isNew }: SavedRecipe) => {
    await Promise.all([
      client.invalidateQueries(trpc.recipe.pathFilter()),
      // The navigation counts recipes.
      client.invalidateQueries(trpc.organisation.get.pathFilter()),
    ]);
    notifyDone(t(isNew ? "saved" : "unchanged", { number }));
    const join = launchHref?.includes("?") ? "&" : "?";
    router.push(
      launchHref === undefined
        ? `${base}/recipes/${slug}/${number}`
        : `${launchHref}${join}recipe=${slug}:${number}`,
    );
  };
  const save = useMutation(trpc.recipe.save.mutationOptions({ meta: { inline: true }, onSuccess: done }));
  return {
    start: (recipe: NonNullable<RecipeDraft["recipe"]>, note: string) =>
      save.mutate({ org, project, recipe, note }),
    // It stays busy until the next page is there.
    isPending: save.isPending || save.isSuccess,
    error: save.error,
  };
}
