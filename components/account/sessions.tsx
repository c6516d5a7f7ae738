"use client";

import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { type Loaded, useLoaded } from "#components/api/use-loaded.ts";
import { leave } from "#components/shell/leave.ts";
import { notifyDone } from "#components/ui/notify.ts";
import { Panel } from "#components/ui/panel.tsx";
import { RecordTable } from "#components/ui/record-table.tsx";
import { TimeAgo } from "#components/ui/time-ago.tsx";
import type { SessionRow } from "#contracts/account.ts";
import styles from "./account.module.css";
import { browserName } from "./browser-name.ts";

/** Addresses that a machine has for itself. */
const isThisMachine = (ip: string) => /^(local|::1|(::ffff:)?127(\.\d+){3})$/.test(ip);

/** Where the reader is signed in, each with a way to end it at once. */
export function Sessions({ sessions }: { sessions: Loaded<SessionRow[]> }) {
  const t = useTranslations("account");
  const trpc = useTRPC();
  const client = useQueryClient();
  const { data: rows } = useLoaded(trpc.account.sessions.queryOptions(), sessions);
  const refresh = () => client.invalidateQueries(trpc.account.sessions.queryFilter());
  const ending = useMutation(
    trpc.account.revokeSession.mutationOptions({
      onSuccess: () => notifyDone(t("ended")),
      onSettled: refresh,
    }),
  );
  const endingOthers = useMutation(
    trpc.account.revokeOtherSessions.mutationOptions({
      onSuccess: ({ ended }) => notifyDone(t("endedOthers", { count: ended })),
      onSettled: refresh,
    }),
  );
  const end = (row: SessionRow) => (row.isCurrent ? void leave() : ending.mutate({ sessionId: row.id }));
  const hasOthers = rows.some((row) => !row.isCurrent);
  return (
    <Panel
      title={t("sessions")}
      flush
      actions={
        hasOthers && (
          <Button
            size="xs"
            variant="default"
            loading={endingOthers.isPending}
            onClick={() => endingOthers.mutate()}
          >
            {t("endOthers")}
          </Button>
        )
      }
    >
      <RecordTable
        label={t("sessions")}
        rows={rows}
        rowKey={(row) => row.id}
        columns={[
          {
            key: "device",
            header: t("device"),
            isName: true,
            cell: (row) => (
              <>
                <span className={styles.device}>{browserName(row.userAgent) || t("unknownDevice")}</span>
                <span className={styles.address}>
                  {row.isCurrent ? t("thisOne") : isThisMachine(row.ip) ? t("thisMachine") : row.ip}
                </span>
              </>
            ),
          },
          {
            key: "seen",
            header: t("lastSeen"),
            isKept: true,
            cell: (row) => <TimeAgo at={row.lastSeenAt} />,
          },
          { key: "since", header: t("since"), isKept: true, cell: (row) => <TimeAgo at={row.createdAt} /> },
          {
            key: "end",
            header: <span className="visually-hidden">{t("end")}</span>,
            isKept: true,
            isNumber: true,
            cell: (row) => (
              <Button
                size="xs"
                variant="subtle"
                color="red"
                loading={ending.isPending && ending.variables.sessionId === row.id}
                onClick={() => end(row)}
              >
                {row.isCurrent ? t("signOutHere") : t("end")}
              </Button>
            ),
          },
        ]}
      />
    </Panel>
  );
}
