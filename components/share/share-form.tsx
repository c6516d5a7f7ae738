"use client";

import { Button, Group, SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useId, useState } from "react";
import { useTRPC } from "#components/api/client.ts";
import { bodyOf } from "#components/api/error-body.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { notifyDone } from "#components/ui/notify.ts";
import { shareDays } from "#contracts/share.ts";
import { organisationAddress } from "./address.ts";
import type { ShareButtonProps } from "./share-button.tsx";

const never = "never";
const usualDays = "30";

/** With whom, what they may do, for how long. */
export function ShareForm({
  org,
  subject,
  subjectId,
  onLink,
}: ShareButtonProps & { onLink: (link: string) => void }) {
  const t = useTranslations("share");
  const common = useTranslations("common");
  const [kind, setKind] = useState<"organisation" | "link">("organisation");
  const [typed, setTyped] = useState("");
  const [isBad, setIsBad] = useState(false);
  const [rights, setRights] = useState("view");
  const [days, setDays] = useState(usualDays);
  const audienceId = useId();
  const making = useMakeGrant({
    onGiven: ({ token }, organisation) => {
      if (token !== null) return onLink(`${window.location.origin}/s/${token}`);
      setTyped("");
      notifyDone(t("given", { organisation }));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const address = organisationAddress(typed);
    setIsBad(kind === "organisation" && address === undefined);
    if (kind === "organisation" && address === undefined) return;
    making.mutate({
      org,
      subject,
      subjectId,
      audience: kind === "organisation" && address !== undefined ? { kind, slug: address } : { kind: "link" },
      canDownload: rights === "download",
      days: shareDays.find((each) => String(each) === days) ?? null,
    });
  };
  const isUnknown = bodyOf(making.error).code === "notFound" && kind === "organisation";
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {making.error && isUnknown && <ErrorState text={t("unknownOrganisation")} />}
        {making.error && !isUnknown && <ErrorNote error={making.error} />}
        <div>
          <Text size="sm" fw={600} mb={4} id={audienceId}>
            {t("audience")}
          </Text>
          <SegmentedControl
            fullWidth
            aria-labelledby={audienceId}
            value={kind}
            onChange={(value) => setKind(value === "link" ? "link" : "organisation")}
            data={[
              { value: "organisation", label: t("organisation") },
              { value: "link", label: t("link") },
            ]}
          />
          {kind === "link" && (
            <Text size="xs" c="dimmed" mt={6}>
              {t("linkHelp")}
            </Text>
          )}
        </div>
        {kind === "organisation" && (
          <TextInput
            label={t("address")}
            description={t("addressHelp")}
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              setIsBad(false);
            }}
            error={isBad && (typed.trim() === "" ? common("field.required") : t("badAddress"))}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            data-autofocus
          />
        )}
        <Group grow align="flex-start" gap="md">
          <Select
            label={t("rights")}
            value={rights}
            onChange={(value) => setRights(value ?? "view")}
            data={[
              { value: "view", label: t("view") },
              { value: "download", label: t("download") },
            ]}
          />
          <Select
            label={t("ends")}
            value={days}
            onChange={(value) => setDays(value ?? usualDays)}
            data={[
              ...shareDays.map((count) => ({ value: String(count), label: t("days", { days: count }) })),
              { value: never, label: t("never") },
            ]}
          />
        </Group>
        {rights === "download" && (
          <Text size="xs" c="dimmed" mt={-8}>
            {t("downloadHelp")}
          </Text>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={making.isPending}>
            {kind === "link" ? t("makeLink") : t("give")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Makes a grant and reads the list of grants again. */
function useMakeGrant({
  onGiven,
}: {
  onGiven: (made: { token: string | null }, organisation: string) => void;
}) {
  const trpc = useTRPC();
  const client = useQueryClient();
  return useMutation(
    trpc.share.create.mutationOptions({
      onSuccess: async (made, { org, audience }) => {
        onGiven(made, audience.kind === "organisation" ? audience.slug : "");
        await client.invalidateQueries(trpc.share.list.queryFilter({ org }));
      },
      meta: { inline: true },
    }),
  );
}
