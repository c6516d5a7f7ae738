"use client";

import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useTranslations } from "next-intl";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Notice } from "#components/ui/notice.tsx";

/** The link, shown once: only its hash is stored. */
export function NewLink({ link, onDone }: { link: string; onDone: () => void }) {
  const t = useTranslations("share");
  return (
    <Stack gap="sm">
      <Notice tone="done" role="status">
        {t("linkOnce")}
      </Notice>
      <TextInput
        label={t("linkLabel")}
        value={link}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
      />
      <Group justify="flex-end" gap="xs">
        <CopyButton value={link} label={t("copyLink")} />
        <Button onClick={onDone}>{t("done")}</Button>
      </Group>
    </Stack>
  );
}
