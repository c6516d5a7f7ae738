"use client";

import { Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { Counts } from "#components/experiment/counts.tsx";
import { usePlace } from "#components/model/use-place.ts";
import { TextLink } from "#components/ui/links.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { TimeAgo } from "#components/ui/time-ago.tsx";
import styles from "./project.module.css";

const shown = 5;

/** While runs are under way the counts are read again this often. */
const refreshMs = 5_000;

/** The questions that were asked last, and how far their runs are. */
export function LatestExperiments({ count }: { count: number }) {
  const t = useTranslations("project");
  const trpc = useTRPC();
  const { org, project, base } = usePlace();
  const latest = useQuery({
    ...trpc.experiment.list.queryOptions({ org, project, limit: shown }),
    refetchInterval: ({ state }) =>
      state.data?.rows.some(({ counts }) => counts.queued + counts.running > 0) === true && refreshMs,
  });
  return (
    <Panel
      title={t("latest")}
      flush
      actions={count > shown && <TextLink href={`${base}/experiments`}>{t("latestAll")}</TextLink>}
    >
      <ErrorNote error={latest.error} onRetry={() => void latest.refetch()} />
      {latest.isPending && (
        <Stack gap="xs" p="md">
          {Array.from({ length: Math.min(count, shown) }, (_, index) => index).map((index) => (
            <Skeleton key={index} height={38} />
          ))}
        </Stack>
      )}
      <ul className={styles.latest}>
        {latest.data?.rows.map((row) => (
          <li key={row.id}>
            <Link href={`${base}/experiments/${row.number}`}>{row.question}</Link>
            <span className={styles.latestFacts}>
              <Counts counts={row.counts} />
              <TimeAgo at={row.createdAt} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
