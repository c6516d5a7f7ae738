"use client";

import { Select } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { usePlace } from "#components/model/use-place.ts";
import { useRecipeName } from "#components/run/use-recipe-name.ts";
import { most } from "./chosen.ts";

export interface AddRunProps {
  readonly experimentId: string;
  /** IDs of the runs that are compared already. */
  readonly chosen: readonly string[];
  readonly onAdd: (runId: string) => void;
}

/** Runs to choose from; an experiment with more is better chosen from in its own table. */
const limit = 200;

/** Adds a further run of the reference's experiment. */
export function AddRun({ experimentId, chosen, onAdd }: AddRunProps) {
  const t = useTranslations("compare.add");
  const states = useTranslations("run.state");
  const nameOf = useRecipeName();
  const place = usePlace();
  const trpc = useTRPC();
  const runs = useQuery(trpc.experiment.runs.queryOptions({ org: place.org, experimentId, limit }));
  const isFull = chosen.length >= most;
  const data = (runs.data?.rows ?? [])
    .filter((run) => !chosen.includes(run.id))
    .map((run) => ({
      value: run.id,
      label: t("option", { number: run.number, recipe: nameOf(run), state: states(run.state) }),
    }));
  return (
    <Select
      w={220}
      searchable
      data={data}
      value={null}
      disabled={isFull}
      aria-label={t("label")}
      placeholder={isFull ? t("full", { most }) : t("placeholder")}
      nothingFoundMessage={t("nothing")}
      leftSection={<IconPlus size={16} aria-hidden />}
      comboboxProps={{ width: 300, position: "bottom-end" }}
      maxDropdownHeight={280}
      onChange={(id) => id && onAdd(id)}
    />
  );
}
