"use client";

import { Button, Select, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { organisationHref } from "#components/shell/rooms.ts";
import { useSchemaForm } from "#components/ui/use-schema-form.ts";
import { createOrganisationInput, organisationKinds } from "#contracts/organisation.ts";

export function CreateOrganisation() {
  const t = useTranslations("organisation");
  const common = useTranslations("common");
  const trpc = useTRPC();
  const form = useSchemaForm(createOrganisationInput, { name: "", kind: "company" });
  const making = useMutation(
    trpc.organisation.create.mutationOptions({
      onSuccess: ({ slug }) => window.location.assign(organisationHref(slug)),
      meta: { inline: true },
    }),
  );
  return (
    <form onSubmit={form.onSubmit((values) => making.mutate(values))} noValidate>
      <Stack gap="md">
        <ErrorNote error={making.error} />
        <TextInput
          {...form.getInputProps("name")}
          key={form.key("name")}
          label={t("name")}
          autoComplete="organization"
          required
          withAsterisk={false}
        />
        <Select
          {...form.getInputProps("kind")}
          key={form.key("kind")}
          label={t("kind")}
          data={organisationKinds.map((value) => ({ value, label: common(`kind.${value}`) }))}
        />
        <Button type="submit" loading={making.isPending || making.isSuccess}>
          {t("create")}
        </Button>
      </Stack>
    </form>
  );
}
