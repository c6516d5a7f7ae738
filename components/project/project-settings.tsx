"use client";

import { Button, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { type Loaded, useLoaded } from "#components/api/use-loaded.ts";
import { usePermit } from "#components/shell/use-permit.ts";
import { Notice } from "#components/ui/notice.tsx";
import { notifyDone } from "#components/ui/notify.ts";
import { Panel } from "#components/ui/panel.tsx";
import { useSchemaForm } from "#components/ui/use-schema-form.ts";
import { type ProjectRow, updateProjectInput } from "#contracts/organisation.ts";

export function ProjectSettings({ org, project }: { org: string; project: Loaded<ProjectRow> }) {
  const t = useTranslations("project");
  const common = useTranslations("common");
  const trpc = useTRPC();
  const client = useQueryClient();
  const router = useRouter();
  const { data } = useLoaded(trpc.project.get.queryOptions({ org, project: project.data.slug }), project);
  const permit = usePermit("project.update");
  const form = useSchemaForm(updateProjectInput, { name: data.name, question: data.question });
  const saving = useMutation(
    trpc.project.update.mutationOptions({
      onSuccess: async () => {
        notifyDone(common("saved"));
        await Promise.all([
          client.invalidateQueries(trpc.organisation.get.queryFilter({ org })),
          client.invalidateQueries(trpc.project.pathFilter()),
        ]);
        router.refresh();
      },
      meta: { inline: true },
    }),
  );
  return (
    <form
      onSubmit={form.onSubmit((values) => saving.mutate({ org, project: data.slug, ...values }))}
      noValidate
    >
      <Stack gap="md" maw={720}>
        {permit.reason && <Notice>{permit.reason}</Notice>}
        <ErrorNote error={saving.error} />
        <Panel title={t("general")}>
          <Stack gap="md">
            <TextInput
              {...form.getInputProps("name")}
              key={form.key("name")}
              label={common("name")}
              disabled={!permit.allowed}
            />
            <Textarea
              {...form.getInputProps("question")}
              key={form.key("question")}
              label={t("question")}
              description={t("questionHelp")}
              autosize
              minRows={2}
              maxRows={8}
              disabled={!permit.allowed}
            />
          </Stack>
        </Panel>
        {permit.allowed && (
          <Group>
            <Button type="submit" loading={saving.isPending}>
              {common("save")}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
