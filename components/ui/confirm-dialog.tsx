"use client";

import { Button, Group, Modal, Text, TextInput } from "@mantine/core";
import { useTranslations } from "next-intl";
import { type FormEvent, type ReactNode, useState } from "react";

export interface ConfirmDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
  readonly title: string;
  /** The consequence, in plain words. */
  readonly children: ReactNode;
  /** What must be typed; for what cannot be undone. */
  readonly name?: string;
  /** The action's own words ("Remove Ada"), never "OK". */
  readonly action: string;
  readonly busy?: boolean;
}

/** Asks before something irreversible: names the consequence and, where it counts, asks for the name. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { opened, onClose, title } = props;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      closeButtonProps={{ "aria-label": useTranslations("common")("close") }}
    >
      <ConfirmForm {...props} />
    </Modal>
  );
}

/** Its own component, so that what was typed is forgotten when the dialog closes. */
function ConfirmForm({ onClose, onConfirm, children, name, action, busy }: ConfirmDialogProps) {
  const t = useTranslations("common");
  const [typed, setTyped] = useState("");
  const isAgreed = name === undefined || typed.trim() === name;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isAgreed) onConfirm();
  };
  return (
    <form onSubmit={submit}>
      <Text component="div" size="sm">
        {children}
      </Text>
      {name !== undefined && (
        <TextInput
          mt="md"
          label={t("confirmName", { name })}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
          data-autofocus
        />
      )}
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button type="submit" color="red" disabled={!isAgreed} loading={busy}>
          {action}
        </Button>
      </Group>
    </form>
  );
}
