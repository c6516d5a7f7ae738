"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { useTRPC } from "#components/api/client.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { notifyDone } from "#components/ui/notify.ts";
import type { BoardEntry } from "#contracts/benchmark.ts";

/** Withdraws an entry of one's own organisation after asking. */
export function useWithdraw(org: string | undefined): {
  readonly ask: (entry: BoardEntry) => void;
  readonly dialog: ReactNode;
} {
  const t = useTranslations("benchmark.withdraw");
  const trpc = useTRPC();
  const router = useRouter();
  // The entry stays known while the dialog closes, so that its words do not vanish before it.
  const [entry, setEntry] = useState<BoardEntry>();
  const [isOpen, setIsOpen] = useState(false);
  const withdrawing = useMutation(
    trpc.benchmark.withdraw.mutationOptions({
      onSuccess: () => notifyDone(t("done")),
      onSettled: () => {
        setIsOpen(false);
        router.refresh();
      },
    }),
  );
  const title = entry?.title ?? "";
  return {
    ask: (chosen) => {
      setEntry(chosen);
      setIsOpen(true);
    },
    dialog: (
      <ConfirmDialog
        opened={isOpen}
        onClose={() => setIsOpen(false)}
        onConfirm={() => entry && org !== undefined && withdrawing.mutate({ org, submissionId: entry.id })}
        title={t("title", { title })}
        action={t("action")}
        busy={withdrawing.isPending}
      >
        {t("text")}
      </ConfirmDialog>
    ),
  };
}
