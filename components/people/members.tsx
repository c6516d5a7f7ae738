"use client";

import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "#components/api/client.ts";
import { type Loaded, useLoaded } from "#components/api/use-loaded.ts";
import { useShell } from "#components/shell/context.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { notifyDone } from "#components/ui/notify.ts";
import { Panel } from "#components/ui/panel.tsx";
import { RecordTable } from "#components/ui/record-table.tsx";
import { TimeAgo } from "#components/ui/time-ago.tsx";
import type { MemberRow } from "#contracts/organisation.ts";
import { allows, mayAssign } from "#contracts/policy.ts";
import { MemberRole } from "./member-role.tsx";
import styles from "./people.module.css";

export function Members({ org, members }: { org: string; members: Loaded<MemberRow[]> }) {
  const t = useTranslations("people");
  const trpc = useTRPC();
  const client = useQueryClient();
  const { me, organisation } = useShell();
  const { data: rows } = useLoaded(trpc.member.list.queryOptions({ org }), members);
  const [leaving, setLeaving] = useState<MemberRow>();
  const removing = useMutation(
    trpc.member.remove.mutationOptions({
      onSuccess: () => notifyDone(t("removed", { name: leaving?.name ?? "" })),
      onSettled: async () => {
        setLeaving(undefined);
        await client.invalidateQueries(trpc.member.list.queryFilter({ org }));
      },
    }),
  );
  const role = organisation?.role ?? "viewer";
  const mayRemove = allows(role, "member.remove");
  return (
    <Panel title={t("members")} hint={t("memberCount", { count: rows.length })} flush>
      <RecordTable
        label={t("members")}
        rows={rows}
        rowKey={(row) => row.userId}
        columns={[
          {
            key: "name",
            header: t("name"),
            isName: true,
            cell: (row) => (
              <>
                <span className={styles.person}>
                  {row.name} {row.userId === me.id && <span className={styles.self}>{t("you")}</span>}
                </span>
                <span className={styles.email}>{row.email}</span>
              </>
            ),
          },
          {
            key: "role",
            header: t("role"),
            isKept: true,
            cell: (row) => <MemberRole org={org} member={row} actor={role} />,
          },
          { key: "since", header: t("since"), isKept: true, cell: (row) => <TimeAgo at={row.since} /> },
          {
            key: "actions",
            header: <span className="visually-hidden">{t("actions")}</span>,
            isKept: true,
            isNumber: true,
            cell: (row) =>
              mayRemove &&
              mayAssign(role, row.role) && (
                <Button
                  size="xs"
                  variant="subtle"
                  color="red"
                  onClick={() => setLeaving(row)}
                  aria-label={t("removeNamed", { name: row.name })}
                >
                  {t("remove")}
                </Button>
              ),
          },
        ]}
      />
      <ConfirmDialog
        opened={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        onConfirm={() => leaving && removing.mutate({ org, userId: leaving.userId })}
        title={t("removeTitle", { name: leaving?.name ?? "" })}
        name={leaving?.name ?? ""}
        action={t("removeNamed", { name: leaving?.name ?? "" })}
        busy={removing.isPending}
      >
        {t("removeText", { organisation: organisation?.name ?? "" })}
      </ConfirmDialog>
    </Panel>
  );
}
