"use client";

import { ActionIcon, Button, Progress } from "@mantine/core";
import { IconCircleCheck, IconX } from "@tabler/icons-react";
import { useLocale, useTranslations } from "next-intl";
import { ErrorNote } from "#components/api/error-note.tsx";
import { formatBytes, formatDuration } from "#components/ui/format.ts";
import { Checksum } from "./checksum.tsx";
import { secondsLeft } from "./rate.ts";
import type { Transfer } from "./transfers.ts";
import styles from "./upload.module.css";
import type { Transfers } from "./use-transfers.ts";

/** Files on their way to the server: how far, how fast, how long still; a cancel button for each. */
export function TransferList({ transfers }: { transfers: Transfers }) {
  const t = useTranslations("upload");
  if (transfers.list.length === 0) return null;
  return (
    <ul className={styles.list} aria-label={t("files")}>
      {transfers.list.map((transfer) => (
        <TransferItem
          key={transfer.id}
          transfer={transfer}
          onRemove={() => transfers.remove(transfer.id)}
          onRetry={() => transfers.retry(transfer.id)}
        />
      ))}
    </ul>
  );
}

interface ItemProps {
  readonly transfer: Transfer;
  readonly onRemove: () => void;
  readonly onRetry: () => void;
}

function TransferItem({ transfer, onRemove, onRetry }: ItemProps) {
  const t = useTranslations("upload");
  const { file, state } = transfer;
  const isOver = state === "received" || state === "failed";
  const close = t(isOver ? "removeFile" : "cancel", { name: file.name });
  return (
    <li className={styles.item}>
      <div className={styles.line}>
        {state === "received" && (
          <IconCircleCheck size={18} color="var(--app-better)" style={{ flex: "none" }} aria-hidden />
        )}
        <span className={styles.name}>{file.name}</span>
        <span className={styles.push}>
          <ActionIcon onClick={onRemove} aria-label={close} title={close}>
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </span>
      </div>
      {state === "sending" && <SendingBar transfer={transfer} />}
      <div className={styles.facts}>
        <TransferFacts transfer={transfer} />
      </div>
      {transfer.received && <Checksum sha256={transfer.received.sha256} />}
      {state === "failed" && (
        <ErrorNote
          error={transfer.error}
          actions={
            <Button size="xs" variant="default" onClick={onRetry}>
              {t("retry")}
            </Button>
          }
        />
      )}
    </li>
  );
}

function SendingBar({ transfer }: { transfer: Transfer }) {
  const t = useTranslations("upload");
  const percent = transfer.file.size === 0 ? 100 : (transfer.sent / transfer.file.size) * 100;
  return (
    <Progress
      value={percent}
      my={6}
      size={6}
      aria-label={t("progressOf", { name: transfer.file.name })}
      transitionDuration={200}
    />
  );
}

function TransferFacts({ transfer }: { transfer: Transfer }) {
  const t = useTranslations("upload");
  const locale = useLocale();
  const { file, state, sent, rate } = transfer;
  const total = formatBytes(file.size, locale);
  if (state === "waiting") return <span>{t("waiting")}</span>;
  if (state === "failed") return <span>{total}</span>;
  if (state === "received") {
    return (
      <>
        <span>{t("received")}</span>
        <span>{total}</span>
      </>
    );
  }
  const left = secondsLeft(sent, file.size, rate);
  return (
    <>
      <span>{t("sent", { sent: formatBytes(sent, locale), total })}</span>
      {rate === null ? (
        <span>{t("starting")}</span>
      ) : (
        <span>{t("rate", { rate: formatBytes(rate, locale) })}</span>
      )}
      {left !== null && <span>{t("left", { time: formatDuration(Math.ceil(left), locale) })}</span>}
    </>
  );
}
