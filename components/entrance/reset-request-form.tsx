"use client";

import { Button, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useSchemaForm } from "#components/ui/use-schema-form.ts";
import { resetRequestInput } from "#contracts/account.ts";

export function ResetRequestForm() {
  const t = useTranslations("auth");
  const trpc = useTRPC();
  const form = useSchemaForm(resetRequestInput, { email: "" });
  const asking = useMutation(trpc.account.requestReset.mutationOptions({ meta: { inline: true } }));
  if (asking.isSuccess) {
    return (
      <Notice tone="done" role="status">
        {t("resetSent")}
      </Notice>
    );
  }
  return (
    <form onSubmit={form.onSubmit((values) => asking.mutate(values))} noValidate>
      <Stack gap="md">
        <ErrorNote error={asking.error} />
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
        <Button type="submit" fullWidth loading={asking.isPending}>
          {t("resetSend")}
        </Button>
      </Stack>
    </form>
  );
}
