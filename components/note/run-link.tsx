"use client";

import { Button, Modal, Select, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconLink } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { usePlace } from "#components/model/use-place.ts";
import { markdownLink } from "./insert.ts";

/** Inserts a link to a run of the project into a text. */
export function RunLink({ onInsert }: { onInsert: (markdown: string) => void }) {
  const t = useTranslations("note.link");
  const common = useTranslations("common");
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <>
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconLink size={14} aria-hidden />}
        onClick={dialog.open}
      >
        {t("run")}
      </Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title={t("title")}
        closeButtonProps={{ "aria-label": common("close") }}
      >
        <Choice
          onChoose={(markdown) => {
            onInsert(markdown);
            dialog.close();
          }}
        />
      </Modal>
    </>
  );
}

function Choice({ onChoose }: { onChoose: (markdown: string) => void }) {
  const t = useTranslations("note.link");
  const trpc = useTRPC();
  const { org, project, base } = usePlace();
  const [experimentId, setExperiment] = useState<string | null>(null);
  const [runId, setRun] = useState<string | null>(null);
  const experiments = useQuery(trpc.experiment.list.queryOptions({ org, project, limit: 100 }));
  const runs = useQuery({
    ...trpc.experiment.runs.queryOptions({ org, experimentId: experimentId ?? "", limit: 200 }),
    enabled: experimentId !== null,
  });
  const rows = experiments.data?.rows ?? [];
  if (experiments.data && rows.length === 0) return <Text c="dimmed">{t("none")}</Text>;
  const nameOf = (run: { number: number; recipeName: string; isBaseline: boolean }) =>
    t("text", { number: run.number, recipe: run.isBaseline ? t("baseline") : run.recipeName });
  const chosen = runs.data?.rows.find((run) => run.id === runId);
  return (
    <Stack gap="sm">
      <ErrorNote error={experiments.error ?? runs.error} />
      <Select
        label={t("experiment")}
        data={rows.map((row) => ({ value: row.id, label: `${row.number} · ${row.question}` }))}
        value={experimentId}
        onChange={(id) => {
          setExperiment(id);
          setRun(null);
        }}
        searchable
        data-autofocus
      />
      <Select
        label={t("run_")}
        data={(runs.data?.rows ?? []).map((run) => ({ value: run.id, label: nameOf(run) }))}
        value={runId}
        onChange={setRun}
        disabled={experimentId === null}
        searchable
      />
      <Button
        disabled={!chosen}
        onClick={() => chosen && onChoose(markdownLink(nameOf(chosen), `${base}/runs/${chosen.id}`))}
      >
        {t("insert")}
      </Button>
    </Stack>
  );
}
