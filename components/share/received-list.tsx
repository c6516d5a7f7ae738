"use client";

import { Badge } from "@mantine/core";
import { IconShare } from "@tabler/icons-react";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { type Loaded, useLoaded } from "#components/api/use-loaded.ts";
import benchmark from "#components/benchmark/benchmark.module.css";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/links.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { RecordTable } from "#components/ui/record-table.tsx";
import { TimeAgo } from "#components/ui/time-ago.tsx";
import type { ReceivedGrant } from "#contracts/share.ts";

/** What other organisations let this one see. */
export function ReceivedList({ org, grants }: { org: string; grants: Loaded<ReceivedGrant[]> }) {
  const t = useTranslations("share.received");
  const trpc = useTRPC();
  const { data: rows } = useLoaded(trpc.shared.list.queryOptions({ org }), grants);
  if (rows.length === 0) {
    return (
      <Panel>
        <EmptyState
          icon={<IconShare size={24} stroke={1.6} />}
          title={t("empty")}
          actions={
            <>
              <CopyButton value={org} label={t("copyAddress")} />
              <LinkButton href="/benchmarks" variant="subtle">
                {t("example")}
              </LinkButton>
            </>
          }
        >
          {t("emptyText", { address: org })}
        </EmptyState>
      </Panel>
    );
  }
  return (
    <Panel flush>
      <Grants org={org} rows={rows} />
    </Panel>
  );
}

function Grants({ org, rows }: { org: string; rows: readonly ReceivedGrant[] }) {
  const t = useTranslations("share.received");
  const share = useTranslations("share");
  const format = useFormatter();
  return (
    <RecordTable
      label={t("title")}
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        {
          key: "what",
          header: t("what"),
          isName: true,
          cell: (row) => (
            <Link className={benchmark.name} href={`/o/${org}/shared/${row.id}`} prefetch={false}>
              {row.title}
            </Link>
          ),
        },
        { key: "from", header: t("from"), isKept: true, cell: (row) => row.from },
        { key: "kind", header: t("kind"), cell: (row) => t(`subject.${row.subject}`) },
        {
          key: "rights",
          header: t("rights"),
          cell: (row) => (
            <Badge color={row.canDownload ? "green" : "gray"}>
              {share(row.canDownload ? "download" : "view")}
            </Badge>
          ),
        },
        { key: "since", header: t("since"), cell: (row) => <TimeAgo at={row.createdAt} /> },
        {
          key: "until",
          header: t("until"),
          isKept: true,
          cell: (row) =>
            row.expiresAt === null
              ? share("untilRevoked")
              : format.dateTime(row.expiresAt, { dateStyle: "medium", timeStyle: "short" }),
        },
      ]}
    />
  );
}
