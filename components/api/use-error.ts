"use client";

import { notifications } from "@mantine/notifications";
import { useTranslations } from "next-intl";
import { useCallback } from "react";
import type { ErrorBody } from "#contracts/errors.ts";
import { bodyOf } from "./error-body.ts";

/** Sentences of a failure in the reader's language: what happened, what was kept, what to do; and the ID to quote. */
export function useErrorText(): (body: ErrorBody) => { text: string; quote: string | undefined } {
  const t = useTranslations("errors");
  const common = useTranslations("common");
  return useCallback(
    (body) => ({
      text: t(body.code, {
        seconds: 60,
        role: "other",
        ...body.details,
        fields: body.details.fields || "none",
      }),
      quote: body.id === "" ? undefined : common("quote", { id: body.id }),
    }),
    [t, common],
  );
}

/** Shows a failure as a notification that stays until it is closed. */
export function useNotifyError(): (error: unknown) => void {
  const textOf = useErrorText();
  const common = useTranslations("common");
  return useCallback(
    (error) => {
      const { text, quote } = textOf(bodyOf(error));
      notifications.show({
        color: "red",
        title: common("failed"),
        message: quote ? `${text} ${quote}` : text,
        autoClose: false,
        withCloseButton: true,
        closeButtonProps: { "aria-label": common("close") },
      });
    },
    [textOf, common],
  );
}
