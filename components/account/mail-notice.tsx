"use client";

import { Code } from "@mantine/core";
import { useTranslations } from "next-intl";
import { Notice } from "#components/ui/notice.tsx";

/** For the operator of an installation that sends no mail: where its messages are, and how to change that. */
export function MailNotice({ folder }: { folder: string }) {
  const t = useTranslations("account");
  return (
    <Notice tone="warning" title={t("mailTitle")}>
      {t.rich("mailText", { folder, code: (chunks) => <Code>{chunks}</Code> })}
    </Notice>
  );
}
