"use client";

import { Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { usePlace } from "#components/model/use-place.ts";
import { DiffView } from "./diff-view.tsx";

export interface RevisionChangeProps {
  readonly noteId: string;
  readonly revision: number;
  readonly onClose: () => void;
}

/** What one revision changed against the one before it. */
export function RevisionChange({ noteId, revision, onClose }: RevisionChangeProps) {
  const t = useTranslations("note.history");
  const trpc = useTRPC();
  const { org } = usePlace();
  const isFirst = revision === 1;
  const after = useQuery(trpc.note.revision.queryOptions({ org, id: noteId, revision }));
  const before = useQuery({
    ...trpc.note.revision.queryOptions({ org, id: noteId, revision: Math.max(1, revision - 1) }),
    enabled: !isFirst,
  });
  const label = isFirst ? t("first", { revision }) : t("change", { revision, before: revision - 1 });
  const [old, now] = [isFirst ? undefined : before.data, after.data];
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Text fw={600}>{label}</Text>
        <Button size="xs" variant="default" onClick={onClose}>
          {t("close")}
        </Button>
      </Group>
      <ErrorNote error={after.error ?? before.error} />
      {old && now && old.title !== now.title && (
        <Text size="sm">{t("titleWas", { before: old.title, after: now.title })}</Text>
      )}
      {now && (isFirst || old) && <DiffView label={label} before={old?.body ?? ""} after={now.body} />}
      {old && now && old.body === now.body && (
        <Text size="sm" c="dimmed">
          {t("noChange")}
        </Text>
      )}
    </Stack>
  );
}
