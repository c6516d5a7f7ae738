"use client";

import { Button, Group, Select, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { useLocaleChoice } from "#components/shell/use-locale-choice.ts";
import { notifyDone } from "#components/ui/notify.ts";
import { Panel } from "#components/ui/panel.tsx";
import { useSchemaForm } from "#components/ui/use-schema-form.ts";
import { type Me, updateProfileInput } from "#contracts/account.ts";
import { locales } from "#contracts/locale.ts";

/** Name, and the language of pages and messages. */
export function Profile({ me }: { me: Me }) {
  const t = useTranslations("account");
  const common = useTranslations("common");
  const shell = useTranslations("shell");
  const trpc = useTRPC();
  const client = useQueryClient();
  const { choose } = useLocaleChoice();
  const form = useSchemaForm(updateProfileInput, {
    name: me.name,
    locale: locales.find((locale) => locale === me.locale) ?? "en",
  });
  const saving = useMutation(
    trpc.account.update.mutationOptions({
      onSuccess: async (_done, { locale }) => {
        notifyDone(common("saved"));
        choose(locale);
        await client.invalidateQueries(trpc.account.me.queryFilter());
      },
      meta: { inline: true },
    }),
  );
  return (
    <Panel title={t("profile")}>
      <form onSubmit={form.onSubmit((values) => saving.mutate(values))} noValidate>
        <Stack gap="md">
          <ErrorNote error={saving.error} />
          <TextInput
            {...form.getInputProps("name")}
            key={form.key("name")}
            label={t("name")}
            autoComplete="name"
            required
            withAsterisk={false}
          />
          <Select
            {...form.getInputProps("locale")}
            key={form.key("locale")}
            label={t("language")}
            description={t("languageHelp")}
            data={locales.map((value) => ({ value, label: shell(`languages.${value}`) }))}
          />
          <Group>
            <Button type="submit" loading={saving.isPending}>
              {common("save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
