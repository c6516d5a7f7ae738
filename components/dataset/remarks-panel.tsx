"use client";

import { useTranslations } from "next-intl";
import { RemarkLine } from "#components/remark/remark-line.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { DatasetSummary } from "#engine/evaluate/dataset/summary.schema.ts";

/** What was noticed while the data was read: items left out, items that two splits share. */
export function RemarksPanel({ remarks = [] }: Pick<DatasetSummary, "remarks">) {
  const t = useTranslations("dataset");
  if (remarks.length === 0) return null;
  return (
    <Panel title={t("remarks.title")}>
      <ul>
        {remarks.map((said) => (
          <li key={JSON.stringify(said)}>
            <RemarkLine said={said} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
