"use client";

import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslations } from "next-intl";

export interface CopyButtonProps {
  readonly value: string;
  /** Names what is copied; with it a button with words, without it an icon. */
  readonly label?: string;
}

/** Copies a text and says so, to the eye and to a screen reader. */
export function CopyButton({ value, label }: CopyButtonProps) {
  const t = useTranslations("common");
  const clipboard = useClipboard({ timeout: 2_000 });
  const copy = () => clipboard.copy(value);
  const icon = clipboard.copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />;
  const words = clipboard.copied ? t("copied") : (label ?? t("copy"));
  if (label !== undefined) {
    return (
      <Button variant="default" leftSection={icon} onClick={copy} aria-live="polite">
        {words}
      </Button>
    );
  }
  return (
    <Tooltip label={words}>
      <ActionIcon aria-label={words} onClick={copy}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
