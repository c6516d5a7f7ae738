"use client";

import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { usePlace } from "#components/model/use-place.ts";
import { formatDuration } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import { formatQuantity } from "#components/ui/quantity.ts";
import { StillMissing } from "#components/ui/still-missing.tsx";
import { TierMark } from "#components/ui/tier-mark.tsx";
import type { ExperimentDetail, Protocol } from "#contracts/experiment.ts";
import type { RecipePreset } from "#contracts/recipe.ts";
import { type CardChoice, recipesOf, runCount } from "#contracts/recipe-card.ts";
import type { RunRow } from "#contracts/run.ts";
import { estimateOf } from "./estimate.ts";
import styles from "./launch.module.css";
import type { SavedChoice } from "./saved-choice.tsx";

export interface TakesPanelProps {
  readonly into: ExperimentDetail | undefined;
  readonly modelVersionId: string | null;
  readonly isChecking: boolean;
  /** null: without data; undefined: not known yet. */
  readonly datasetVersionId: string | null | undefined;
  /** null: none, or the model itself; undefined: not known yet. */
  readonly teacherVersionId: string | null | undefined;
  readonly question: string;
  readonly presets: readonly RecipePreset[];
  readonly choices: readonly CardChoice[];
  readonly saved: readonly SavedChoice[];
  readonly protocol: Protocol;
  readonly earlier: readonly RunRow[];
}

/** What the launch will take, what is still missing, and the button. */
export function TakesPanel(props: TakesPanelProps) {
  const { into, choices, saved, earlier } = props;
  const t = useTranslations("experiment.launch");
  const locale = useLocale();
  const count = choices.reduce((sum, choice) => sum + runCount(choice), saved.length);
  const names = [
    ...choices.flatMap((choice) => Array.from({ length: runCount(choice) }, () => choice.name)),
    ...saved.map(({ name }) => name),
  ];
  const estimate = estimateOf([...(into ? [] : [null]), ...names], earlier);
  const missing = useMissing(props);
  const launch = useLaunch(props);
  const about = (text: string) =>
    estimate.unknown > 0 ? t("atLeast", { amount: text }) : t("aboutAmount", { amount: text });
  return (
    <Panel title={t("takes")}>
      <dl className={styles.takes}>
        <dt>{t("runs")}</dt>
        <dd>{into ? t("runsInto", { count }) : t("runsNew", { count })}</dd>
        <dt>{t("time")}</dt>
        <dd>
          {estimate.seconds === null || count === 0 ? (
            <span className={styles.unknown}>{t("unknown")}</span>
          ) : (
            <>
              {about(formatDuration(estimate.seconds, locale))}{" "}
              <TierMark tier="planned" withLabel details={t("plannedFrom")} />
            </>
          )}
        </dd>
        <dt>{t("energy")}</dt>
        <dd>
          {estimate.kwh === null || count === 0 ? (
            <span className={styles.unknown}>{t("unknown")}</span>
          ) : (
            <>
              {about(formatQuantity(estimate.kwh, "kWh", locale))}{" "}
              <TierMark tier="planned" withLabel details={t("plannedFrom")} />
            </>
          )}
        </dd>
      </dl>
      <Button
        fullWidth
        size="md"
        mt="md"
        disabled={missing.length > 0}
        loading={launch.isPending}
        onClick={launch.start}
        aria-describedby="launch-missing"
      >
        {count === 0 ? t("launchNone") : t("launch", { count })}
      </Button>
      <StillMissing id="launch-missing" title={t("missing")} missing={missing}>
        {t(props.datasetVersionId === null ? "fidelityOnly" : "testOnce")}
      </StillMissing>
      <ErrorNote error={launch.error} />
    </Panel>
  );
}

/** What keeps the button from working, in the order of the page. */
function useMissing(props: TakesPanelProps): string[] {
  const t = useTranslations("experiment.launch.needs");
  const recipe = useTranslations("recipe.launch");
  const place = usePlace();
  const { into, modelVersionId, isChecking, datasetVersionId, question, choices, saved } = props;
  const { teacherVersionId } = props;
  return [
    !place.may("experiment.create") && t("role"),
    !into && isChecking && t("checking"),
    !into && !isChecking && modelVersionId === null && t("model"),
    !into && datasetVersionId === undefined && t("dataset"),
    teacherVersionId === undefined && t("teacher"),
    choices.length + saved.length === 0 && t("recipe"),
    ...choices
      .filter((choice) => toLaunch(props.presets, choice, 0) === undefined)
      .map(({ name }) => recipe("invalid", { recipe: name })),
    !into && modelVersionId !== null && question === "" && t("question"),
  ].filter((words) => words !== false);
}

/** What the choice on a card launches; undefined while an option does not fit. */
function toLaunch(presets: readonly RecipePreset[], choice: CardChoice, seed: number) {
  const preset = presets.find(({ recipe }) => recipe.name === choice.name);
  return preset && recipesOf(preset, choice, seed);
}

function useLaunch(props: TakesPanelProps) {
  const { into, modelVersionId, datasetVersionId, teacherVersionId, question, protocol } = props;
  const place = usePlace();
  const router = useRouter();
  const trpc = useTRPC();
  const client = useQueryClient();
  const { org, project } = place;
  const done = async (number: number) => {
    await Promise.all([
      client.invalidateQueries(trpc.experiment.pathFilter()),
      // The navigation counts experiments.
      client.invalidateQueries(trpc.organisation.get.pathFilter()),
    ]);
    router.push(`${place.base}/experiments/${number}`);
  };
  const meta = { inline: true };
  const create = useMutation(
    trpc.experiment.create.mutationOptions({ meta, onSuccess: ({ number }) => done(number) }),
  );
  const add = useMutation(
    trpc.experiment.addRuns.mutationOptions({ meta, onSuccess: () => done(into?.number ?? 1) }),
  );
  const seed = into?.seed ?? 0;
  const recipes = [
    ...props.choices.flatMap((choice) => toLaunch(props.presets, choice, seed) ?? []),
    ...props.saved.map(({ versionId }) => ({ recipeVersionId: versionId })),
  ];
  return {
    start: () => {
      if (teacherVersionId === undefined) return;
      const launched = { org, recipes, teacherVersionId };
      if (into) return add.mutate({ ...launched, experimentId: into.id });
      if (modelVersionId === null || datasetVersionId === undefined) return;
      create.mutate({ ...launched, project, question, modelVersionId, datasetVersionId, protocol, seed });
    },
    // It stays busy until the next page is there, so that nobody launches twice.
    isPending: create.isPending || add.isPending || create.isSuccess || add.isSuccess,
    error: create.error ?? add.error,
  };
}
