"use client";

import { Button, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useState } from "react";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { DropArea } from "#components/upload/drop-area.tsx";
import { TransferList } from "#components/upload/transfer-list.tsx";
import { useTransfers } from "#components/upload/use-transfers.ts";
import type { RegisteredModel } from "#contracts/model.ts";
import styles from "./model.module.css";
import type { Place } from "./use-place.ts";

export interface RegisterFormProps {
  readonly place: Place;
  /** The model that gets a new version; without it, a new model. */
  readonly model?: { readonly id: string; readonly name: string };
  readonly onRegistered: (made: RegisteredModel, fileName: string, uploadId: string) => void;
}

const empty = { name: "", description: "", trainingData: "", licence: "" };

/** Drop a file, say what it is, register it. The upload runs while the words are written. */
export function RegisterForm({ place, model, onRegistered }: RegisterFormProps) {
  const t = useTranslations("model.form");
  const common = useTranslations("common");
  const trpc = useTRPC();
  const { org, project } = place;
  const transfers = useTransfers(org, project);
  const limit = useQuery(trpc.upload.limit.queryOptions({ org })).data?.bytes;
  const [about, setAbout] = useState(empty);
  const [isAsked, setAsked] = useState(false);
  const transfer = transfers.list.at(-1);
  const uploadId = transfer?.received?.uploadId;

  const { mutate, ...registering } = useMutation({
    ...trpc.model.register.mutationOptions(),
    onSuccess: (made: RegisteredModel) => onRegistered(made, transfer?.file.name ?? "", uploadId ?? ""),
    onError: () => setAsked(false),
    meta: { inline: true },
  });
  const name = about.name.trim();
  useEffect(() => {
    if (!isAsked || uploadId === undefined || registering.status !== "idle") return;
    mutate({ org, project, uploadId, ...(model ? { modelId: model.id } : { ...about, name }) });
  }, [isAsked, uploadId, registering.status, mutate, org, project, model, about, name]);

  const choose = (files: readonly File[]) => {
    for (const { id } of transfers.list) transfers.remove(id);
    transfers.add(files.slice(0, 1));
    const [file] = files;
    if (file && about.name === "") setAbout({ ...about, name: file.name.replace(/\.[^.]+$/, "") });
    registering.reset();
    setAsked(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    registering.reset();
    setAsked(true);
  };
  const field = (key: keyof typeof empty) => ({
    label: key === "name" ? common("name") : t(key),
    value: about[key],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setAbout((before) => ({ ...before, [key]: value }));
    },
  });
  const isReady =
    transfer !== undefined && transfer.state !== "failed" && (model !== undefined || name !== "");
  const isWaiting = isAsked && uploadId === undefined;

  return (
    <form onSubmit={submit} className={styles.form}>
      <Panel>
        <Stack gap="md">
          <DropArea onFiles={choose} limit={limit} hint={t("hint")} isCompact={transfer !== undefined} />
          <TransferList transfers={transfers} />
          {!model && (
            <>
              <TextInput {...field("name")} required withAsterisk={false} maxLength={120} />
              <Textarea
                {...field("description")}
                description={t("descriptionHelp")}
                autosize
                minRows={3}
                maxRows={14}
              />
              <Textarea
                {...field("trainingData")}
                description={t("trainingDataHelp")}
                autosize
                minRows={2}
                maxRows={10}
              />
              <TextInput {...field("licence")} description={t("licenceHelp")} maxLength={200} maw={320} />
            </>
          )}
          <ErrorNote error={registering.error} />
          <div>
            <Button type="submit" disabled={!isReady} loading={registering.isPending || isWaiting}>
              {model ? t("submitVersion") : t("submit")}
            </Button>
            <Text size="xs" c="dimmed" mt={6} role="status">
              {transfer === undefined && t("needsFile")}
              {transfer?.state === "sending" && t("waits")}
            </Text>
          </div>
        </Stack>
      </Panel>
    </form>
  );
}
