"use client";

import { Divider, Stack, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { usePermit } from "#components/shell/use-permit.ts";
import { Notice } from "#components/ui/notice.tsx";
import { Grants } from "./grants.tsx";
import { NewLink } from "./new-link.tsx";
import type { ShareButtonProps } from "./share-button.tsx";
import { ShareForm } from "./share-form.tsx";

/** A new grant, and the present ones below it. */
export function ShareDialog(props: ShareButtonProps) {
  const t = useTranslations("share");
  const { allowed, reason } = usePermit("share.create");
  const [link, setLink] = useState<string>();
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t(`text.${props.subject}`)}
      </Text>
      {!allowed && <Notice>{reason}</Notice>}
      {allowed && link && <NewLink link={link} onDone={() => setLink(undefined)} />}
      {allowed && !link && <ShareForm {...props} onLink={setLink} />}
      <Divider />
      <Grants {...props} />
    </Stack>
  );
}
