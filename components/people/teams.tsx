"use client";

import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { type Loaded, useLoaded } from "#components/api/use-loaded.ts";
import { useDisciplineName } from "#components/organisation/names.ts";
import { usePermit } from "#components/shell/use-permit.ts";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { RecordTable } from "#components/ui/record-table.tsx";
import type { TeamRow } from "#contracts/organisation.ts";
import { CreateTeam } from "./create-team.tsx";
import styles from "./people.module.css";

export function Teams({ org, teams }: { org: string; teams: Loaded<TeamRow[]> }) {
  const t = useTranslations("people");
  const trpc = useTRPC();
  const disciplineName = useDisciplineName();
  const { data: rows } = useLoaded(trpc.team.list.queryOptions({ org }), teams);
  const permit = usePermit("team.create");
  const [isCreating, dialog] = useDisclosure(false);
  return (
    <Panel
      title={t("teams")}
      flush={rows.length > 0}
      actions={
        permit.allowed && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={dialog.open}
          >
            {t("newTeam")}
          </Button>
        )
      }
    >
      {rows.length === 0 ? (
        <Text c="dimmed">{t("noTeams")}</Text>
      ) : (
        <RecordTable
          label={t("teams")}
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            {
              key: "name",
              header: t("team"),
              isName: true,
              cell: (row) => (
                <>
                  <span className={styles.person}>{row.name}</span>
                  <span className={styles.email}>{disciplineName(row.discipline)}</span>
                </>
              ),
            },
            {
              key: "projects",
              header: t("projects"),
              isKept: true,
              isNumber: true,
              cell: (row) => row.projects,
            },
          ]}
        />
      )}
      <FormDialog opened={isCreating} onClose={dialog.close} title={t("newTeam")}>
        <CreateTeam org={org} onDone={dialog.close} />
      </FormDialog>
    </Panel>
  );
}
