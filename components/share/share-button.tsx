"use client";

import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconShare } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import type { ShareSubject } from "#contracts/share.ts";
import { ShareDialog } from "./share-dialog.tsx";

export interface ShareButtonProps {
  readonly org: string;
  readonly subject: ShareSubject;
  readonly subjectId: string;
}

/** Opens the dialog in which a run or an experiment is shared with others, and in which that is ended. */
export function ShareButton(props: ShareButtonProps) {
  const t = useTranslations("share");
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <>
      <Button variant="default" leftSection={<IconShare size={16} aria-hidden />} onClick={dialog.open}>
        {t("button")}
      </Button>
      <FormDialog opened={isOpen} onClose={dialog.close} title={t(`title.${props.subject}`)}>
        <ShareDialog {...props} />
      </FormDialog>
    </>
  );
}
