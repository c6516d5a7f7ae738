"use client";

import { NativeSelect } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useTRPC } from "#components/api/client.ts";
import { usePlace } from "#components/model/use-place.ts";
import { useIsAwake } from "#components/ui/use-is-awake.ts";
import styles from "./launch.module.css";
import type { VersionChoice } from "./use-subject.ts";

/** A model or dataset with its newest version, as lists give it. */
export interface PickRow {
  readonly slug: string;
  readonly name: string;
  readonly versions: number;
  /** `runId`: a run made it. */
  readonly latest: { readonly number: number; readonly state: string; readonly runId?: string | null } | null;
}

export interface VersionPickerProps {
  readonly kind: "model" | "dataset";
  /** Instead of the usual ones: what is chosen, and what no choice means. */
  readonly label?: string;
  readonly none?: string;
  readonly rows: readonly PickRow[];
  readonly value: VersionChoice | null;
  readonly onChange: (choice: VersionChoice | null) => void;
  /** What is known of the chosen version, in one line. */
  readonly facts: ReactNode;
}

/** A model or dataset, and which of its versions. Without a choice: nothing for a model, "fidelity only" for data. */
export function VersionPicker({ kind, label, none, rows, value, onChange, facts }: VersionPickerProps) {
  const t = useTranslations("experiment.launch");
  const newestOriginal = useNewestOriginal();
  const isAwake = useIsAwake();
  const usable = rows.filter((row) => row.latest);
  const chosen = usable.find((row) => row.slug === value?.slug);
  const pick = async (slug: string) => {
    const row = usable.find((one) => one.slug === slug);
    if (!row?.latest) return onChange(null);
    onChange({
      slug,
      number: row.latest.runId ? await newestOriginal(slug, row.latest.number) : row.latest.number,
    });
  };
  return (
    <div className={styles.picker}>
      <div className={styles.pickerRow}>
        <NativeSelect
          label={label ?? t(kind)}
          className={styles.grow}
          disabled={!isAwake}
          value={value?.slug ?? ""}
          onChange={(event) => void pick(event.currentTarget.value)}
          data={[
            { value: "", label: none ?? t(kind === "model" ? "chooseModel" : "noDataset") },
            ...usable.map((row) => ({
              value: row.slug,
              label: row.name,
              disabled: row.versions === 1 && row.latest?.state !== "ready",
            })),
          ]}
        />
        {chosen && value && <VersionSelect kind={kind} row={chosen} value={value} onChange={onChange} />}
      </div>
      <p className={styles.facts}>{facts}</p>
    </div>
  );
}

/** The newest version that somebody registered: what runs made is rarely what one compresses next. */
function useNewestOriginal() {
  const place = usePlace();
  const trpc = useTRPC();
  const client = useQueryClient();
  return async (model: string, fallback: number): Promise<number> => {
    const { org, project } = place;
    const { versions } = await client.fetchQuery(trpc.model.get.queryOptions({ org, project, model }));
    return (
      versions.find((version) => version.state === "ready" && version.runId === null)?.number ?? fallback
    );
  };
}

interface VersionSelectProps extends Pick<VersionPickerProps, "kind" | "onChange"> {
  readonly row: PickRow;
  readonly value: VersionChoice;
}

function VersionSelect({ kind, row, value, onChange }: VersionSelectProps) {
  const t = useTranslations("experiment.launch");
  const place = usePlace();
  const trpc = useTRPC();
  const { org, project } = place;
  const hasMany = row.versions > 1;
  const models = useQuery({
    ...trpc.model.get.queryOptions({ org, project, model: row.slug }),
    enabled: hasMany && kind === "model",
  });
  const datasets = useQuery({
    ...trpc.dataset.get.queryOptions({ org, project, dataset: row.slug }),
    enabled: hasMany && kind === "dataset",
  });
  const versions = (kind === "model" ? models.data : datasets.data)?.versions ?? [];
  const ready = versions.filter((version) => version.state === "ready");
  const isMade = (version: (typeof ready)[number]) => "runId" in version && version.runId !== null;
  const item = (number: number) => ({ value: String(number), label: `v${number}` });
  const registered = ready.filter((version) => !isMade(version)).map(({ number }) => item(number));
  const made = ready.filter(isMade).map(({ number }) => item(number));
  const all = [...registered, ...(made.length > 0 ? [{ group: t("madeByRuns"), items: made }] : [])];
  return (
    <NativeSelect
      label={t("version")}
      value={String(value.number)}
      onChange={(event) => onChange({ slug: row.slug, number: Number(event.currentTarget.value) })}
      data={all.length > 0 ? all : [item(value.number)]}
    />
  );
}
