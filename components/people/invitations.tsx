"use client";

import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconUserPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { type Loaded, useLoaded } from "#components/api/use-loaded.ts";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { notifyDone } from "#components/ui/notify.ts";
import { Panel } from "#components/ui/panel.tsx";
import { RecordTable } from "#components/ui/record-table.tsx";
import { TimeAgo } from "#components/ui/time-ago.tsx";
import type { InvitationRow } from "#contracts/organisation.ts";
import { Invite } from "./invite.tsx";

/** Open invitations; the link of each was shown when it was made and cannot be shown again. */
export function Invitations({ org, invitations }: { org: string; invitations: Loaded<InvitationRow[]> }) {
  const t = useTranslations("people");
  const common = useTranslations("common");
  const trpc = useTRPC();
  const client = useQueryClient();
  const { data: rows } = useLoaded(trpc.invitation.list.queryOptions({ org }), invitations);
  const [isInviting, dialog] = useDisclosure(false);
  const revoking = useMutation(
    trpc.invitation.revoke.mutationOptions({
      onSuccess: () => notifyDone(t("revoked")),
      onSettled: () => client.invalidateQueries(trpc.invitation.list.queryFilter({ org })),
    }),
  );
  return (
    <Panel
      title={t("invitations")}
      flush={rows.length > 0}
      actions={
        <Button size="xs" leftSection={<IconUserPlus size={16} aria-hidden />} onClick={dialog.open}>
          {t("invite")}
        </Button>
      }
    >
      {rows.length === 0 ? (
        <Text c="dimmed">{t("noInvitations")}</Text>
      ) : (
        <RecordTable
          label={t("invitations")}
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            {
              key: "for",
              header: t("for"),
              isName: true,
              cell: (row) => (row.email === "" ? t("anyone") : row.email),
            },
            { key: "as", header: t("invitedAs"), isKept: true, cell: (row) => common(`role.${row.role}`) },
            {
              key: "until",
              header: t("expires"),
              isKept: true,
              cell: (row) => <TimeAgo at={row.expiresAt} />,
            },
            {
              key: "actions",
              header: <span className="visually-hidden">{t("actions")}</span>,
              isKept: true,
              isNumber: true,
              cell: (row) => (
                <Button
                  size="xs"
                  variant="subtle"
                  color="red"
                  loading={revoking.isPending && revoking.variables.id === row.id}
                  onClick={() => revoking.mutate({ org, id: row.id })}
                >
                  {t("revoke")}
                </Button>
              ),
            },
          ]}
        />
      )}
      <FormDialog opened={isInviting} onClose={dialog.close} title={t("invite")}>
        <Invite org={org} onDone={dialog.close} />
      </FormDialog>
    </Panel>
  );
}
