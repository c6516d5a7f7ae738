"use client";

import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { MarkdownField } from "#components/note/markdown-field.tsx";
import { useSchemaForm } from "#components/ui/use-schema-form.ts";
import { type ModelDetail, updateModelInput } from "#contracts/model.ts";
import { usePlace } from "./use-place.ts";

export interface ModelEditProps {
  readonly model: ModelDetail;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Changes what people say of a model; its versions stay as they are. */
export function ModelEdit({ model, opened, onClose }: ModelEditProps) {
  const t = useTranslations("model");
  const common = useTranslations("common");
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="xl"
      title={t("editTitle", { name: model.name })}
      closeButtonProps={{ "aria-label": common("close") }}
    >
      <EditForm model={model} onClose={onClose} />
    </Modal>
  );
}

function EditForm({ model, onClose }: Omit<ModelEditProps, "opened">) {
  const t = useTranslations("model.form");
  const common = useTranslations("common");
  const trpc = useTRPC();
  const client = useQueryClient();
  const { org } = usePlace();
  const { id, name, description, trainingData, licence } = model;
  const form = useSchemaForm(updateModelInput, { modelId: id, name, description, trainingData, licence });
  const saving = useMutation({
    ...trpc.model.update.mutationOptions(),
    onSuccess: async () => {
      await client.invalidateQueries(trpc.model.pathFilter());
      onClose();
    },
    meta: { inline: true },
  });
  return (
    <form onSubmit={form.onSubmit((values) => saving.mutate({ ...values, org }))} noValidate>
      <Stack gap="md">
        <ErrorNote error={saving.error} />
        <TextInput
          {...form.getInputProps("name")}
          key={form.key("name")}
          label={common("name")}
          required
          withAsterisk={false}
          data-autofocus
        />
        <MarkdownField
          {...form.getInputProps("description")}
          key={form.key("description")}
          label={t("description")}
          description={t("descriptionHelp")}
        />
        <Textarea
          {...form.getInputProps("trainingData")}
          key={form.key("trainingData")}
          label={t("trainingData")}
          description={t("trainingDataHelp")}
          autosize
          minRows={2}
          maxRows={10}
        />
        <TextInput
          {...form.getInputProps("licence")}
          key={form.key("licence")}
          label={t("licence")}
          description={t("licenceHelp")}
          maw={320}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {common("cancel")}
          </Button>
          <Button type="submit" loading={saving.isPending}>
            {common("save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
