"use client";

import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { usePlace } from "#components/model/use-place.ts";
import { MarkdownField } from "#components/note/markdown-field.tsx";
import { useSchemaForm } from "#components/ui/use-schema-form.ts";
import { type DatasetDetail, updateDatasetInput } from "#contracts/dataset.ts";

export interface DatasetEditProps {
  readonly dataset: DatasetDetail;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Changes what is said of a dataset; its versions stay as they are. */
export function DatasetEdit({ dataset, opened, onClose }: DatasetEditProps) {
  const t = useTranslations("dataset.card");
  const common = useTranslations("common");
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="xl"
      title={t("editTitle", { name: dataset.name })}
      closeButtonProps={{ "aria-label": common("close") }}
    >
      <EditForm dataset={dataset} onClose={onClose} />
    </Modal>
  );
}

function EditForm({ dataset, onClose }: Omit<DatasetEditProps, "opened">) {
  const t = useTranslations("dataset.form");
  const common = useTranslations("common");
  const trpc = useTRPC();
  const client = useQueryClient();
  const { org } = usePlace();
  const { id, name, description, source, licence } = dataset;
  const form = useSchemaForm(updateDatasetInput, { datasetId: id, name, description, source, licence });
  const saving = useMutation({
    ...trpc.dataset.update.mutationOptions(),
    onSuccess: async () => {
      await client.invalidateQueries(trpc.dataset.pathFilter());
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
        <TextInput
          {...form.getInputProps("source")}
          key={form.key("source")}
          label={t("source")}
          description={t("sourceHelp")}
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
