"use client";

import { Button, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Notice } from "./notice.tsx";

export interface ErrorStateProps {
  readonly title?: string;
  /** What happened, what was kept, what to do. */
  readonly text: string;
  /** The sentence with the ID to quote. */
  readonly quote?: string | undefined;
  readonly onRetry?: () => void;
  readonly actions?: ReactNode;
}

/** A failure in words; read out at once by a screen reader. */
export function ErrorState({ title, text, quote, onRetry, actions }: ErrorStateProps) {
  const t = useTranslations("common");
  return (
    <Notice
      tone="error"
      role="alert"
      title={title}
      actions={
        (onRetry || actions) && (
          <>
            {onRetry && (
              <Button size="xs" variant="default" onClick={onRetry}>
                {t("tryAgain")}
              </Button>
            )}
            {actions}
          </>
        )
      }
    >
      {text}
      {quote && (
        <Text size="xs" c="dimmed" mt={4}>
          {quote}
        </Text>
      )}
    </Notice>
  );
}
