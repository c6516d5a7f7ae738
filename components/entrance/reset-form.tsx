"use client";

import { Button, PasswordInput, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { LinkButton } from "#components/ui/links.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useSchemaForm } from "#components/ui/use-schema-form.ts";
import { resetInput } from "#contracts/account.ts";

export function ResetForm({ token }: { token: string }) {
  const t = useTranslations("auth");
  const trpc = useTRPC();
  const form = useSchemaForm(resetInput.omit({ token: true }), { password: "" });
  const setting = useMutation(trpc.account.reset.mutationOptions({ meta: { inline: true } }));
  if (setting.isSuccess) {
    return (
      <Stack gap="md">
        <Notice tone="done" role="status">
          {t("resetDone")}
        </Notice>
        <LinkButton href="/signin" fullWidth>
          {t("signIn")}
        </LinkButton>
      </Stack>
    );
  }
  return (
    <form onSubmit={form.onSubmit(({ password }) => setting.mutate({ token, password }))} noValidate>
      <Stack gap="md">
        <ErrorNote error={setting.error} />
        <PasswordInput
          {...form.getInputProps("password")}
          key={form.key("password")}
          label={t("newPassword")}
          description={t("passwordHelp")}
          name="password"
          autoComplete="new-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
        />
        <Button type="submit" fullWidth loading={setting.isPending}>
          {t("resetSet")}
        </Button>
      </Stack>
    </form>
  );
}
