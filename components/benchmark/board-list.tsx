import { Badge } from "@mantine/core";
import { IconTrophy } from "@tabler/icons-react";
import Link from "next/link";
import { useFormatter, useMessages, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { RecordTable } from "#components/ui/record-table.tsx";
import { TimeAgo } from "#components/ui/time-ago.tsx";
import type { BenchmarkRow } from "#contracts/benchmark.ts";
import type { Messages } from "#i18n/messages.ts";
import styles from "./benchmark.module.css";

type Task = keyof Messages["benchmark"]["task"];

/** A task in words; one that this version does not know by its own name. */
export function useTaskName(): (task: string) => string {
  const t = useTranslations("benchmark.task");
  const known = useMessages().benchmark.task;
  const isKnown = (task: string): task is Task => Object.hasOwn(known, task);
  return (task) => (isKnown(task) ? t(task) : task);
}

export interface BoardListProps {
  readonly rows: readonly BenchmarkRow[];
  /** The reader's organisation; undefined for a stranger. */
  readonly organisation: { readonly name: string; readonly slug: string } | undefined;
  /** Query that keeps the chosen organisation in links to boards. */
  readonly query: string;
  /** Where an empty room leads. */
  readonly start: ReactNode;
}

/** Leaderboards that the reader may see. */
export function BoardList({ rows, organisation, query, start }: BoardListProps) {
  const t = useTranslations("benchmark");
  const common = useTranslations("common");
  return (
    <>
      <PageHeader
        title={t("title")}
        meta={organisation ? t("lead", { organisation: organisation.name }) : t("leadPublic")}
      />
      <Panel flush>
        {rows.length === 0 ? (
          <EmptyState icon={<IconTrophy size={24} stroke={1.6} />} title={t("empty.title")} actions={start}>
            {organisation
              ? common.rich("two", { first: () => t("empty.text"), second: () => t("empty.example") })
              : t("empty.textPublic")}
          </EmptyState>
        ) : (
          <Boards rows={rows} query={query} isMember={organisation !== undefined} />
        )}
      </Panel>
    </>
  );
}

interface BoardsProps {
  readonly rows: readonly BenchmarkRow[];
  readonly query: string;
  readonly isMember: boolean;
}

function Boards({ rows, query, isMember }: BoardsProps) {
  const t = useTranslations("benchmark");
  const format = useFormatter();
  const taskName = useTaskName();
  return (
    <RecordTable
      label={t("title")}
      rows={rows}
      rowKey={(row) => row.slug}
      columns={[
        {
          key: "name",
          header: t("list.name"),
          isName: true,
          cell: (row) => (
            <>
              <Link className={styles.name} href={`/benchmarks/${row.slug}${query}`}>
                {row.name}
              </Link>
              {row.description !== "" && <span className={styles.clip}>{row.description}</span>}
            </>
          ),
        },
        { key: "dataset", header: t("list.dataset"), isKept: true, cell: (row) => row.dataset },
        { key: "task", header: t("list.task"), cell: (row) => taskName(row.task) },
        { key: "keeper", header: t("list.keeper"), cell: (row) => row.organisation },
        ...(isMember
          ? [
              {
                key: "seen",
                header: t("list.seenBy"),
                cell: (row: BenchmarkRow) => (
                  <Badge color={row.isPublic ? "green" : "gray"}>
                    {row.isPublic ? t("list.public") : t("list.private")}
                  </Badge>
                ),
              },
            ]
          : []),
        { key: "opened", header: t("list.opened"), cell: (row) => <TimeAgo at={row.createdAt} /> },
        {
          key: "entries",
          header: t("list.entries"),
          isNumber: true,
          isKept: true,
          cell: (row) => format.number(row.entries),
        },
      ]}
    />
  );
}
