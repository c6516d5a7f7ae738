"use client";

import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { Panel } from "#components/ui/panel.tsx";
import { ProblemText } from "./problem-note.tsx";
import styles from "./upload.module.css";
import { useUploadRows } from "./use-upload-rows.ts";

const shownMost = 5;

/** Files that were refused after the person had left the page that sent them. Keeps the lists around it live too. */
export function RejectedUploads({ org, project }: { org: string; project: string }) {
  const t = useTranslations("upload");
  const common = useTranslations("common");
  const trpc = useTRPC();
  const client = useQueryClient();
  const live = useUploadRows(org, project);
  const listed = useQuery({
    ...trpc.upload.list.queryOptions({ org, project }),
    enabled: live === undefined,
  }).data;
  const dismiss = useMutation(
    trpc.upload.dismiss.mutationOptions({
      onSuccess: () => client.invalidateQueries(trpc.upload.pathFilter()),
    }),
  );
  const gone = new Set(dismiss.isSuccess ? [dismiss.variables.id] : []);
  const rejected = (live ?? listed ?? []).filter((row) => row.state === "rejected" && !gone.has(row.id));
  if (rejected.length === 0) return null;
  return (
    <Panel title={t("rejectedList")} hint={t("rejectedHint")}>
      <ul className={styles.list}>
        {rejected.slice(0, shownMost).map(
          (row) =>
            row.problem && (
              <li key={row.id} className={styles.item}>
                <div className={styles.line}>
                  <IconAlertTriangle
                    size={18}
                    color="var(--app-worse)"
                    style={{ flex: "none" }}
                    aria-hidden
                  />
                  <span className={styles.name}>{row.fileName}</span>
                  <span className={styles.push}>
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={t("dismiss", { name: row.fileName })}
                      loading={dismiss.isPending && dismiss.variables.id === row.id}
                      onClick={() => dismiss.mutate({ org, id: row.id })}
                    >
                      {common("remove")}
                    </Button>
                  </span>
                </div>
                <ProblemText problem={row.problem} />
              </li>
            ),
        )}
      </ul>
    </Panel>
  );
}
