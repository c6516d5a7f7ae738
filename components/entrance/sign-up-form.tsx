"use client";

import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useTRPCClient } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { useSchemaForm } from "#components/ui/use-schema-form.ts";
import { signUpInput } from "#contracts/account.ts";
import { enter } from "./enter.ts";

export interface SignUpFormProps {
  readonly next: string;
  /** Address that an invitation was made for; it is not changed then. */
  readonly email?: string;
}

export function SignUpForm({ next, email = "" }: SignUpFormProps) {
  const t = useTranslations("auth");
  const locale = useLocale();
  const api = useTRPCClient();
  const form = useSchemaForm(signUpInput.omit({ locale: true }), { name: "", email, password: "" });
  const making = useMutation({
    mutationFn: async (values: { name: string; email: string; password: string }) => {
      await api.account.signUp.mutate({ ...values, locale });
      await enter(values.email, values.password);
    },
    onSuccess: () => window.location.assign(next),
    meta: { inline: true },
  });
  return (
    <form onSubmit={form.onSubmit((values) => making.mutate(values))} noValidate>
      <Stack gap="md">
        <ErrorNote error={making.error} />
        <TextInput
          {...form.getInputProps("name")}
          key={form.key("name")}
          label={t("name")}
          name="name"
          autoComplete="name"
          required
          withAsterisk={false}
        />
        <TextInput
          {...form.getInputProps("email")}
          key={form.key("email")}
          label={t("email")}
          type="email"
          name="email"
          autoComplete="username"
          readOnly={email !== ""}
          required
          withAsterisk={false}
        />
        <PasswordInput
          {...form.getInputProps("password")}
          key={form.key("password")}
          label={t("password")}
          description={t("passwordHelp")}
          name="password"
          autoComplete="new-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
        />
        <Button type="submit" fullWidth loading={making.isPending || making.isSuccess}>
          {t("signUp")}
        </Button>
      </Stack>
    </form>
  );
}
