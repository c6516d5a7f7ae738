"use client";

import { Button } from "@mantine/core";
import { IconArchive, IconArchiveOff, IconFlask, IconPencil } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { type Loaded, useLoaded } from "#components/api/use-loaded.ts";
import { usePlace } from "#components/model/use-place.ts";
import { DiffView } from "#components/note/diff-view.tsx";
import { Columns } from "#components/ui/columns.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { LinkButton, TextLink } from "#components/ui/links.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { notifyDone } from "#components/ui/notify.ts";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { TimeAgo } from "#components/ui/time-ago.tsx";
import { VersionList } from "#components/ui/version-list.tsx";
import type { RecipeDetail, RecipeVersionRow } from "#contracts/recipe.ts";
import type { Recipe } from "#engine/recipe.schema.ts";
import { DownloadText } from "./download-text.tsx";
import { draftOfRecipe } from "./draft/draft.ts";
import { textOf } from "./draft/text.ts";
import styles from "./recipe.module.css";
import { RecipeSteps } from "./recipe-steps.tsx";

export interface RecipePageProps {
  readonly loaded: Loaded<RecipeDetail>;
  readonly number: number;
}

/** One version of a recipe: what it does, its file, what changed, and the versions beside it. */
export function RecipePage({ loaded, number }: RecipePageProps) {
  const t = useTranslations("recipe");
  const trpc = useTRPC();
  const place = usePlace();
  const { org, project, base } = place;
  const recipe = useLoaded(
    trpc.recipe.get.queryOptions({ org, project, recipe: loaded.data.slug }),
    loaded,
  ).data;
  const version = recipe.versions.find((one) => one.number === number);
  const latest = recipe.versions[0];
  if (!version || !latest) return null;
  const before = recipe.versions.find((one) => one.number === number - 1);
  return (
    <>
      <PageHeader
        title={t("titled", { name: recipe.name, number })}
        crumbs={place.crumbs("recipes")}
        meta={
          <>
            <span>{t("by", { name: version.createdBy })}</span>
            <TimeAgo at={version.createdAt} />
            <span>{t("runs", { count: version.runs })}</span>
          </>
        }
        actions={
          <>
            <Archive recipe={recipe} />
            {place.may("recipe.save") && (
              <LinkButton
                variant="default"
                href={`${base}/recipes/${recipe.slug}/new?from=${number}`}
                leftSection={<IconPencil size={16} aria-hidden />}
              >
                {t("page.edit")}
              </LinkButton>
            )}
            {place.may("experiment.create") && version.recipe && !recipe.isArchived && (
              <LinkButton
                href={`${base}/experiments/new?recipe=${recipe.slug}:${number}`}
                leftSection={<IconFlask size={16} aria-hidden />}
              >
                {t("page.launch")}
              </LinkButton>
            )}
          </>
        }
      />
      <div className={styles.stack}>
        {recipe.isArchived && <Notice title={t("page.archivedTitle")}>{t("page.archivedText")}</Notice>}
        {version !== latest && (
          <Notice>
            {t.rich("page.older", {
              number: latest.number,
              link: (chunks) => (
                <TextLink href={`${base}/recipes/${recipe.slug}/${latest.number}`}>{chunks}</TextLink>
              ),
            })}
          </Notice>
        )}
        <Columns side={<Side recipe={recipe} version={version} />}>
          {version.recipe ? (
            <Content recipe={version.recipe} before={before} />
          ) : (
            <Notice tone="warning">{t("page.unreadable")}</Notice>
          )}
        </Columns>
      </div>
    </>
  );
}

function Content({ recipe, before }: { recipe: Recipe; before: RecipeVersionRow | undefined }) {
  const t = useTranslations("recipe.page");
  const words = useTranslations("recipe.text");
  const text = textOf(draftOfRecipe(recipe));
  const old = before?.recipe ? textOf(draftOfRecipe(before.recipe)) : undefined;
  return (
    <>
      <Panel title={t("steps")} flush>
        <RecipeSteps recipe={recipe} />
      </Panel>
      {before && old !== undefined && (
        <Panel title={t("change", { number: before.number })}>
          {old === text ? (
            <p className={styles.quiet}>{t("changeNone")}</p>
          ) : (
            <DiffView label={t("changeLabel")} before={old.trimEnd()} after={text.trimEnd()} />
          )}
        </Panel>
      )}
      <Panel
        title={t("file")}
        actions={
          <>
            <CopyButton value={text} label={words("copy")} />
            <DownloadText text={text} name={recipe.name} />
          </>
        }
      >
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
        <pre className={styles.file} tabIndex={0}>
          {text}
        </pre>
      </Panel>
    </>
  );
}

function Side({ recipe, version }: { recipe: RecipeDetail; version: RecipeVersionRow }) {
  const t = useTranslations("recipe");
  const { base } = usePlace();
  return (
    <>
      {version.note !== "" && (
        <Panel title={t("page.noteTitle")}>
          <p className={styles.note}>{version.note}</p>
        </Panel>
      )}
      <VersionList
        title={t("page.versions")}
        count={t("page.versionCount", { count: recipe.versions.length })}
        current={version.number}
        base={`${base}/recipes/${recipe.slug}`}
        versions={recipe.versions.map((one) => ({
          id: one.id,
          number: one.number,
          name: t("version", { number: one.number }),
          hint: t("runs", { count: one.runs }),
          note: one.note === "" ? one.createdBy : one.note,
          at: one.createdAt,
        }))}
      />
    </>
  );
}

/** Off the list, or back on it; nothing is lost either way. */
function Archive({ recipe }: { recipe: RecipeDetail }) {
  const t = useTranslations("recipe.page");
  const { org, may } = usePlace();
  const trpc = useTRPC();
  const client = useQueryClient();
  const archived = !recipe.isArchived;
  const archive = useMutation(
    trpc.recipe.archive.mutationOptions({
      onSuccess: async () => {
        await Promise.all([
          client.invalidateQueries(trpc.recipe.pathFilter()),
          client.invalidateQueries(trpc.organisation.get.pathFilter()),
        ]);
        notifyDone(t(archived ? "archived" : "restored"));
      },
    }),
  );
  if (!may("recipe.archive")) return null;
  const Icon = archived ? IconArchive : IconArchiveOff;
  return (
    <Button
      variant="default"
      leftSection={<Icon size={16} aria-hidden />}
      loading={archive.isPending}
      onClick={() => archive.mutate({ org, recipeId: recipe.id, archived })}
    >
      {t(archived ? "archive" : "restore")}
    </Button>
  );
}
