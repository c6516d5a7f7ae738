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
import { isWhole, mainFile, suggestedName } from "./model-files.ts";
import type { Place } from "./use-place.ts";

export interface RegisterFormProps {
  readonly place: Place;
  /** The model that gets a new version; without it, a new model. */
  readonly model?: { readonly id: string; readonly name: string };
  readonly onRegistered: (made: RegisteredModel, fileName: string, uploadId: string) => void;
}

const empty = { name: "", description: "", trainingData: "", licence: "" };

/** Drop the files, say what they are, register them. The upload runs while the words are written. */
export function RegisterForm({ place, model, onRegistered }: RegisterFormProps) {
  const t = useTranslations("model.form");
  const common = useTranslations("common");
  const trpc = useTRPC();
  const { org, project } = place;
  const transfers = useTransfers(org, project);
  const limit = useQuery(trpc.upload.limit.queryOptions({ org })).data?.bytes;
  const [about, setAbout] = useState(empty);
  const [isAsked, setAsked] = useState(false);
  const { list } = transfers;
  const main = mainFile(list);
  const received = list.flatMap((transfer) => transfer.received ?? []);
  const uploadId = received.length === list.length ? main?.received?.uploadId : undefined;

  const { mutate, ...registering } = useMutation({
    ...trpc.model.register.mutationOptions(),
    onSuccess: (made: RegisteredModel) => onRegistered(made, main?.file.name ?? "", uploadId ?? ""),
    onError: () => setAsked(false),
    meta: { inline: true },
  });
  const name = about.name.trim();
  const beside = received.map((one) => one.uploadId).filter((id) => id !== uploadId);
  const besideKey = beside.join();
  useEffect(() => {
    if (!isAsked || uploadId === undefined || registering.status !== "idle") return;
    const files = { uploadId, beside: besideKey === "" ? [] : besideKey.split(",") };
    mutate({ org, project, ...files, ...(model ? { modelId: model.id } : { ...about, name }) });
  }, [isAsked, uploadId, besideKey, registering.status, mutate, org, project, model, about, name]);

  const choose = (files: readonly File[]) => {
    // A single file that stands for a whole model takes the place of what was there; parts of one come together.
    if (isWhole(files) || isWhole(list.map(({ file }) => file)))
      for (const { id } of list) transfers.remove(id);
    transfers.add(files);
    const suggested = suggestedName(files);
    if (suggested !== "" && about.name === "") setAbout({ ...about, name: suggested });
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
    list.length > 0 && !list.some(({ state }) => state === "failed") && (model !== undefined || name !== "");
  const isWaiting = isAsked && uploadId === undefined;

  return (
    <form onSubmit={submit} className={styles.form}>
      <Panel>
        <Stack gap="md">
          <DropArea onFiles={choose} isMultiple limit={limit} hint={t("hint")} isCompact={list.length > 0} />
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
              {list.length === 0 && t("needsFile")}
              {list.some(({ state }) => state === "sending") && t("waits")}
            </Text>
          </div>
        </Stack>
      </Panel>
    </form>
  );
}
