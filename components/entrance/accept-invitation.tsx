"use client";

import { Button, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { organisationHref } from "#components/shell/rooms.ts";

/** Joins the organisation, then opens it. */
export function AcceptInvitation({ token, organisation }: { token: string; organisation: string }) {
  const t = useTranslations("auth");
  const trpc = useTRPC();
  const joining = useMutation(
    trpc.invitation.accept.mutationOptions({
      onSuccess: ({ slug }) => window.location.assign(organisationHref(slug)),
      meta: { inline: true },
    }),
  );
  return (
    <Stack gap="md">
      <ErrorNote error={joining.error} />
      <Button
        fullWidth
        loading={joining.isPending || joining.isSuccess}
        onClick={() => joining.mutate({ token })}
      >
        {t("join", { organisation })}
      </Button>
    </Stack>
  );
}
