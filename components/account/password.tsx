"use client";

import { Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { z } from "zod";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { useSchemaForm } from "#components/ui/use-schema-form.ts";
import { changePasswordInput } from "#contracts/account.ts";

const formSchema = z.object({
  current: changePasswordInput.shape.current,
  password: changePasswordInput.shape.password,
});

/** A new password; it ends every session, this one too. */
export function Password() {
  const t = useTranslations("account");
  const auth = useTranslations("auth");
  const trpc = useTRPC();
  const form = useSchemaForm(formSchema, { current: "", password: "" });
  const changing = useMutation(
    trpc.account.changePassword.mutationOptions({
      onSuccess: () => window.location.assign("/signin?reason=password"),
      meta: { inline: true },
    }),
  );
  return (
    <Panel title={t("password")}>
      <form onSubmit={form.onSubmit((values) => changing.mutate(values))} noValidate>
        <Stack gap="md">
          <Text c="dimmed">{t("passwordText")}</Text>
          <ErrorNote error={changing.error} />
          <PasswordInput
            {...form.getInputProps("current")}
            key={form.key("current")}
            label={t("currentPassword")}
            autoComplete="current-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ "aria-label": auth("showPassword") }}
          />
          <PasswordInput
            {...form.getInputProps("password")}
            key={form.key("password")}
            label={t("newPassword")}
            description={auth("passwordHelp")}
            autoComplete="new-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ "aria-label": auth("showPassword") }}
          />
          <Group>
            <Button type="submit" variant="default" loading={changing.isPending || changing.isSuccess}>
              {t("changePassword")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
