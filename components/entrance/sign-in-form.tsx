"use client";

import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { z } from "zod";
import { useTRPCClient } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { TextLink } from "#components/ui/links.tsx";
import { useSchemaForm } from "#components/ui/use-schema-form.ts";
import { email } from "#contracts/account.ts";
import { adoptLanguage } from "./adopt-language.ts";
import { enter } from "./enter.ts";

const signInInput = z.object({ email, password: z.string().min(1).max(200) });

export function SignInForm({ next }: { next: string }) {
  const t = useTranslations("auth");
  const api = useTRPCClient();
  const form = useSchemaForm(signInInput, { email: "", password: "" });
  const entering = useMutation({
    mutationFn: async (values: z.input<typeof signInInput>) => {
      await enter(values.email, values.password);
      await adoptLanguage(api);
    },
    // A full load: nothing of an earlier session may stay in memory.
    onSuccess: () => window.location.assign(next),
    meta: { inline: true },
  });
  return (
    <form onSubmit={form.onSubmit((values) => entering.mutate(values))} noValidate>
      <Stack gap="md">
        <ErrorNote error={entering.error} />
        <TextInput
          {...form.getInputProps("email")}
          key={form.key("email")}
          label={t("email")}
          type="email"
          name="email"
          autoComplete="username"
          required
          withAsterisk={false}
        />
        <PasswordInput
          {...form.getInputProps("password")}
          key={form.key("password")}
          label={t("password")}
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
        />
        <Button type="submit" fullWidth loading={entering.isPending || entering.isSuccess}>
          {t("signIn")}
        </Button>
        <TextLink href="/reset" size="sm" ta="center">
          {t("forgot")}
        </TextLink>
      </Stack>
    </form>
  );
}
