"use client";

import { Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { useDisciplineOptions } from "#components/organisation/names.ts";
import { DialogForm } from "#components/ui/form-dialog.tsx";
import { useSchemaForm } from "#components/ui/use-schema-form.ts";
import { createTeamInput } from "#contracts/organisation.ts";

export function CreateTeam({ org, onDone }: { org: string; onDone: () => void }) {
  const t = useTranslations("people");
  const trpc = useTRPC();
  const client = useQueryClient();
  const form = useSchemaForm(createTeamInput, { name: "", discipline: "engineering" });
  const making = useMutation(
    trpc.team.create.mutationOptions({
      onSuccess: async () => {
        onDone();
        await client.invalidateQueries(trpc.team.list.queryFilter({ org }));
      },
      meta: { inline: true },
    }),
  );
  return (
    <DialogForm
      onSubmit={form.onSubmit((values) => making.mutate({ org, ...values }))}
      onCancel={onDone}
      action={t("createTeam")}
      busy={making.isPending}
    >
      <ErrorNote error={making.error} />
      <TextInput
        {...form.getInputProps("name")}
        key={form.key("name")}
        label={t("teamName")}
        data-autofocus
        required
        withAsterisk={false}
      />
      <Select
        {...form.getInputProps("discipline")}
        key={form.key("discipline")}
        label={t("discipline")}
        description={t("disciplineHelp")}
        data={useDisciplineOptions()}
      />
    </DialogForm>
  );
}
