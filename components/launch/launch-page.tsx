"use client";

import { Radio, Textarea } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { ErrorNote } from "#components/api/error-note.tsx";
import type { Loaded } from "#components/api/use-loaded.ts";
import { usePlace } from "#components/model/use-place.ts";
import { formatBytes, formatCount } from "#components/ui/format.ts";
import { TextLink } from "#components/ui/links.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { DatasetRow } from "#contracts/dataset.ts";
import { type ExperimentDetail, type Protocol, protocols } from "#contracts/experiment.ts";
import type { ModelRow } from "#contracts/model.ts";
import type { Page } from "#contracts/page.ts";
import type { RecipePreset, RecipeRow } from "#contracts/recipe.ts";
import type { CardChoice } from "#contracts/recipe-card.ts";
import { KnownPanel } from "./known-panel.tsx";
import styles from "./launch.module.css";
import { hasPupil } from "./pupils.ts";
import { RecipesPart } from "./recipes-part.tsx";
import type { SavedChoice } from "./saved-choice.tsx";
import { createRecipeHref } from "./search.ts";
import { TakesPanel } from "./takes-panel.tsx";
import { TeacherPart } from "./teacher-part.tsx";
import { useEarlier } from "./use-earlier.ts";
import { useSubject, type VersionChoice } from "./use-subject.ts";
import { VersionPicker } from "./version-picker.tsx";

export interface LaunchPageProps {
  readonly models: Loaded<Page<ModelRow>>;
  readonly datasets: Loaded<Page<DatasetRow>>;
  readonly presets: readonly RecipePreset[];
  /** The newest that the project saved. */
  readonly recipes: Page<RecipeRow>;
  /** The experiment that gets more runs; undefined for a new one. */
  readonly into?: ExperimentDetail;
  /** What the address asks for. */
  readonly model?: VersionChoice;
  readonly dataset?: VersionChoice;
  readonly recipe?: SavedChoice;
}

/** One screen from a model to running experiments. */
export function LaunchPage({ models, datasets, presets, recipes, into, ...wanted }: LaunchPageProps) {
  const t = useTranslations("experiment.launch");
  const rooms = useTranslations("shell.rooms");
  const place = usePlace();
  const [model, setModel] = useState<VersionChoice | null>(into?.model ?? wanted.model ?? null);
  const [dataset, setDataset] = useState<VersionChoice | null>(
    into ? into.dataset : (wanted.dataset ?? null),
  );
  const [choices, setChoices] = useState<readonly CardChoice[]>([]);
  const [saved, setSaved] = useState<readonly SavedChoice[]>(wanted.recipe ? [wanted.recipe] : []);
  const [teacher, setTeacher] = useState<VersionChoice | null>(null);
  const [protocol, setProtocol] = useState<Protocol>(into?.protocol ?? "quick");
  // Until it is written, the question is the usual one for the chosen model.
  const [written, setWritten] = useState<string | null>(null);
  const subject = useSubject(model, dataset);
  const learns = hasPupil(choices, saved);
  const teaching = useSubject(learns ? teacher : null, null);
  const usual = subject.model ? t("usualQuestion", { model: subject.model.model.name }) : "";
  const question = written ?? usual;
  const earlier = useEarlier({
    modelVersionId: subject.model?.id ?? null,
    datasetVersionId: dataset === null ? null : (subject.dataset?.id ?? null),
    protocol,
  });
  const change = (name: string, choice: CardChoice | undefined) =>
    setChoices([...choices.filter((one) => one.name !== name), ...(choice ? [choice] : [])]);
  const changeSaved = (slug: string, choice: SavedChoice | undefined) =>
    setSaved([...saved.filter((one) => one.slug !== slug), ...(choice ? [choice] : [])]);
  const crumbs = [
    ...place.crumbs(),
    { label: rooms("experiments"), href: `${place.base}/experiments` },
    ...(into ? [{ label: into.question, href: `${place.base}/experiments/${into.number}` }] : []),
  ];
  return (
    <>
      <PageHeader title={t(into ? "titleInto" : "title")} meta={t("lead")} crumbs={crumbs} />
      <div className={styles.page}>
        <Panel flush>
          <section className={styles.part}>
            <h2 className={styles.partTitle}>{t("modelAndData")}</h2>
            {into ? (
              <Given into={into} />
            ) : (
              <div className={styles.pickers}>
                <VersionPicker
                  kind="model"
                  rows={models.data.rows}
                  value={model}
                  onChange={setModel}
                  facts={<ModelFacts of={subject.model} none={models.data.total === 0} />}
                />
                <VersionPicker
                  kind="dataset"
                  rows={datasets.data.rows}
                  value={dataset}
                  onChange={setDataset}
                  facts={<DatasetFacts of={subject.dataset} isNone={dataset === null} />}
                />
              </div>
            )}
            <ErrorNote error={subject.error} />
          </section>
          <RecipesPart
            presets={presets}
            recipes={recipes}
            choices={choices}
            saved={saved}
            onChoice={change}
            onSaved={changeSaved}
            inspection={subject.model?.inspection ?? null}
            hasDataset={dataset !== null}
            splits={subject.dataset?.items ?? undefined}
            createHref={createRecipeHref(place.base, { model, dataset, into: into?.number })}
          />
          {learns && (
            <>
              <TeacherPart rows={models.data.rows} value={teacher} onChange={setTeacher} />
              <ErrorNote error={teaching.error} />
            </>
          )}
          {!into && (
            <>
              <section className={styles.part}>
                <h2 className={styles.partTitle}>{t("measure")}</h2>
                <Radio.Group
                  value={protocol}
                  onChange={(value) => setProtocol(protocols.find((one) => one === value) ?? "quick")}
                  aria-label={t("measure")}
                >
                  <div className={styles.protocols}>
                    {protocols.map((one) => (
                      <Radio.Card key={one} value={one} className={styles.protocol}>
                        <span className={styles.protocolName}>{t(`protocol.${one}.name`)}</span>
                        <span className={styles.cardPays}>{t(`protocol.${one}.text`)}</span>
                      </Radio.Card>
                    ))}
                  </div>
                </Radio.Group>
              </section>
              <section className={styles.part}>
                <h2 className={styles.partTitle}>{t("question")}</h2>
                <Textarea
                  aria-label={t("question")}
                  description={t("questionHelp")}
                  value={question}
                  maxLength={500}
                  autosize
                  minRows={1}
                  maxRows={4}
                  onChange={(event) => setWritten(event.currentTarget.value)}
                />
              </section>
            </>
          )}
        </Panel>
        <aside className={styles.side}>
          <TakesPanel
            into={into}
            modelVersionId={subject.model?.state === "ready" ? subject.model.id : null}
            isChecking={model !== null && subject.model?.state !== "ready" && !subject.error}
            datasetVersionId={dataset === null ? null : (subject.dataset?.id ?? undefined)}
            teacherVersionId={learns && teacher !== null ? usableId(teaching.model) : null}
            question={question.trim()}
            presets={presets}
            choices={choices}
            saved={saved}
            protocol={protocol}
            earlier={earlier.rows}
          />
          <KnownPanel earlier={earlier} />
        </aside>
      </div>
    </>
  );
}

/** Undefined while the version is not known, or cannot be used. */
function usableId(of: ReturnType<typeof useSubject>["model"]): string | undefined {
  return of?.state === "ready" ? of.id : undefined;
}

function Given({ into }: { into: ExperimentDetail }) {
  const t = useTranslations("experiment");
  const place = usePlace();
  return (
    <p className={styles.given}>
      <TextLink href={`${place.base}/models/${into.model.slug}/${into.model.number}`}>
        {t("version", { name: into.model.name, number: into.model.number })}
      </TextLink>
      <span>
        {into.dataset
          ? t("version", { name: into.dataset.name, number: into.dataset.number })
          : t("noDataset")}
      </span>
      <span>{t(`protocol.${into.protocol}`)}</span>
      <span className={styles.facts}>{t("launch.givenHelp")}</span>
    </p>
  );
}

function ModelFacts({ of, none }: { of: ReturnType<typeof useSubject>["model"]; none: boolean }) {
  const t = useTranslations("experiment.launch");
  const locale = useLocale();
  const untrained = useTranslations("model.untrained");
  const place = usePlace();
  if (none) return <TextLink href={`${place.base}/models`}>{t("registerFirst")}</TextLink>;
  if (!of) return t("modelHelp");
  const operators = Object.entries(of.inspection?.operators ?? {})
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, 3)
    .map(([name, count]) => `${name} ${count}`);
  return [
    of.parameters !== null && t("parameters", { count: formatCount(of.parameters, locale) }),
    formatBytes(of.bytes, locale),
    of.inspection?.untrained !== undefined && untrained("badge"),
    ...operators,
  ]
    .filter((part) => part !== false)
    .join(" · ");
}

function DatasetFacts({ of, isNone }: { of: ReturnType<typeof useSubject>["dataset"]; isNone: boolean }) {
  const t = useTranslations("experiment.launch");
  const split = useTranslations("run.split");
  const locale = useLocale();
  if (isNone) return t("noDatasetHelp");
  const items = of?.items;
  if (!items) return null;
  return (["train", "calibration", "tuning", "test"] as const)
    .flatMap((name) => (items[name] ? [`${split(name)} ${formatCount(items[name], locale)}`] : []))
    .join(" · ");
}
