"use client";

import { Button, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Panel } from "#components/ui/panel.tsx";
import type { ModelLineage } from "#contracts/model.ts";
import { LineageGraph } from "./lineage-graph.tsx";
import { LineageTable } from "./lineage-table.tsx";

export interface LineageProps {
  readonly lineage: ModelLineage;
  /** ID of the version that is shown. */
  readonly current: string;
  readonly slug: string;
}

/** What made which version from which: as a graph, and as a table behind it. */
export function LineagePanel(props: LineageProps) {
  const t = useTranslations("model.lineage");
  const [isTable, setTable] = useState(false);
  const { versions, edges } = props.lineage;
  if (edges.length === 0 && versions.length < 2) {
    return (
      <Panel title={t("title")}>
        <Text c="dimmed">{t("only")}</Text>
      </Panel>
    );
  }
  return (
    <Panel
      title={t("title")}
      hint={t("summary", { versions: versions.length, edges: edges.length })}
      flush
      actions={
        edges.length > 0 && (
          <Button size="compact-sm" variant="subtle" onClick={() => setTable(!isTable)}>
            {isTable ? t("asGraph") : t("asTable")}
          </Button>
        )
      }
    >
      {isTable ? <LineageTable {...props} /> : <LineageGraph {...props} />}
    </Panel>
  );
}
