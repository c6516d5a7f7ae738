"use client";

import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useTranslations } from "next-intl";
import { CopyButton } from "#components/ui/copy-button.tsx";
import styles from "./people.module.css";

/** The link, shown once: only its hash is stored. */
export function InvitationLink({ link, onDone }: { link: string; onDone: () => void }) {
  const t = useTranslations("people");
  return (
    <Stack gap="md">
      <Text size="sm">{t("linkText")}</Text>
      <div className={styles.link}>
        <TextInput
          label={t("link")}
          value={link}
          readOnly
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton value={link} label={t("copyLink")} />
      </div>
      <Group justify="flex-end">
        <Button onClick={onDone}>{t("done")}</Button>
      </Group>
    </Stack>
  );
}
