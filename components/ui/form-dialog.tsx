"use client";

import { Button, Group, Modal, Stack } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { FormEventHandler, ReactNode } from "react";

export interface FormDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** The form; mounted only while the dialog is open, so that it starts afresh. */
  readonly children: ReactNode;
}

/** A form in a dialog: `<FormDialog …><ThingForm onDone={close} /></FormDialog>`. */
export function FormDialog({ opened, onClose, title, children }: FormDialogProps) {
  const t = useTranslations("common");
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ "aria-label": t("close") }}>
      {children}
    </Modal>
  );
}

export interface DialogFormProps {
  readonly onSubmit: FormEventHandler<HTMLFormElement>;
  readonly onCancel: () => void;
  readonly action: string;
  readonly busy: boolean;
  readonly children: ReactNode;
}

/** Fields one under another, and at the end the two ways out. */
export function DialogForm({ onSubmit, onCancel, action, busy, children }: DialogFormProps) {
  const t = useTranslations("common");
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        {children}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={busy}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
