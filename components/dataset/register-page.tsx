"use client";

import { Button, Loader, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import type { z } from "zod";
import { useTRPC } from "#components/api/client.ts";
import { usePlace } from "#components/model/use-place.ts";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { ProblemNote } from "#components/upload/problem-note.tsx";
import { useDismiss } from "#components/upload/use-dismiss.ts";
import { useTransfers } from "#components/upload/use-transfers.ts";
import { useUploadRows } from "#components/upload/use-upload-rows.ts";
import type { RegisteredDataset, registerDatasetInput } from "#contracts/dataset.ts";
import { RegisterForm } from "./register-form.tsx";

export type RegisterDataset = Omit<z.input<typeof registerDatasetInput>, "project">;

/** Registers a dataset, or a new version of `dataset`, and waits with the person until its files are read. */
export function RegisterDatasetPage({ dataset }: { dataset?: { id: string; name: string; slug: string } }) {
  const t = useTranslations("dataset.form");
  const place = usePlace();
  const trpc = useTRPC();
  const router = useRouter();
  const { org, project } = place;
  const transfers = useTransfers(org, project);
  const dismiss = useDismiss(org);
  const [registered, setRegistered] = useState<RegisteredDataset>();
  const registering = useMutation({
    ...trpc.dataset.register.mutationOptions(),
    onSuccess: setRegistered,
    meta: { inline: true },
  });
  const mine = new Set(transfers.list.map(({ received }) => received?.uploadId));
  const rows = (useUploadRows(org, project) ?? []).filter(({ id }) => mine.has(id));
  const rejected = registered && rows.find((row) => row.state === "rejected" && row.problem);
  const isDone =
    registered !== undefined && rows.length > 0 && rows.every((row) => row.state === "registered");
  const href = registered && `${place.base}/datasets/${registered.slug}/${registered.number}`;
  useEffect(() => {
    if (isDone && href) router.replace(href);
  }, [isDone, href, router]);

  // A refused dataset leaves nothing on the server: the files that are still here are sent again.
  const correct = () => {
    void dismiss(rows.filter((row) => row.state === "rejected").map(({ id }) => id));
    for (const { id } of transfers.list) transfers.retry(id);
    setRegistered(undefined);
    registering.reset();
  };
  const crumbs = place.crumbs("datasets");
  if (dataset) crumbs.push({ label: dataset.name, href: `${place.base}/datasets/${dataset.slug}` });
  return (
    <>
      <PageHeader
        title={dataset ? t("versionTitle", { name: dataset.name }) : t("newTitle")}
        meta={dataset ? t("versionLead") : t("newLead")}
        crumbs={crumbs}
      />
      <Stack gap="md">
        {rejected?.problem && (
          <ProblemNote
            fileName={rejected.fileName}
            problem={rejected.problem}
            actions={
              <>
                <Button size="xs" variant="default" onClick={correct}>
                  {t("correct")}
                </Button>
                <Text size="xs" c="dimmed">
                  {t("correctHelp")}
                </Text>
              </>
            }
          />
        )}
        {registered && !rejected && (
          <Panel>
            <Stack align="center" py="xl" gap="sm" role="status">
              <Loader size="sm" aria-hidden />
              <Text>{isDone ? t("done") : t("registering")}</Text>
            </Stack>
          </Panel>
        )}
        {/* Kept while the server reads, so that nothing written is lost when it refuses. */}
        <div hidden={registered !== undefined}>
          <RegisterForm
            transfers={transfers}
            {...(dataset && { datasetId: dataset.id })}
            error={registering.error}
            isBusy={registering.isPending}
            onRegister={(input) => registering.mutate({ ...input, org, project })}
          />
        </div>
      </Stack>
    </>
  );
}
