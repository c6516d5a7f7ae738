"use client";

import { useTranslations } from "next-intl";
import { TextLink } from "#components/ui/links.tsx";
import { type RecordColumn, RecordTable } from "#components/ui/record-table.tsx";
import type { LineageEdge } from "#contracts/model.ts";
import { QualityChange, SizeChange } from "./lineage-change.tsx";
import type { LineageProps } from "./lineage-panel.tsx";
import { usePlace } from "./use-place.ts";

/** The edges of the lineage, one row each. */
export function LineageTable({ lineage, current, slug }: LineageProps) {
  const t = useTranslations("model");
  const common = useTranslations("common");
  const { base } = usePlace();
  const byId = new Map(lineage.versions.map((version) => [version.id, version]));
  const link = (id: string) => {
    const number = byId.get(id)?.number;
    return number === undefined ? (
      common("none")
    ) : (
      <TextLink href={`${base}/models/${slug}/${number}`}>{t("version", { number })}</TextLink>
    );
  };
  const teacherColumn: RecordColumn<LineageEdge> = {
    key: "teacher",
    header: t("lineage.teacher"),
    cell: ({ teacher }) =>
      teacher ? (
        <TextLink href={`${base}/models/${teacher.slug}/${teacher.number}`}>
          {t("lineage.teacherName", { name: teacher.name, number: teacher.number })}
        </TextLink>
      ) : (
        common("none")
      ),
  };
  const columns: RecordColumn<LineageEdge>[] = [
    { key: "child", header: t("lineage.child"), isName: true, cell: (edge) => link(edge.versionId) },
    { key: "parent", header: t("lineage.parent"), cell: (edge) => link(edge.parentVersionId) },
    {
      key: "recipe",
      header: t("lineage.recipe"),
      isKept: true,
      cell: (edge) => edge.recipeName || common("none"),
    },
    {
      key: "run",
      header: t("lineage.run"),
      cell: (edge) =>
        edge.run ? (
          <TextLink href={`${base}/runs/${edge.run.id}`}>
            {t("lineage.runName", { run: edge.run.number, experiment: edge.run.experimentNumber })}
          </TextLink>
        ) : (
          common("none")
        ),
    },
    ...(lineage.edges.some(({ teacher }) => teacher) ? [teacherColumn] : []),
    {
      key: "size",
      header: t("lineage.size"),
      isNumber: true,
      isKept: true,
      cell: (edge) => <SizeChange edge={edge} parent={byId.get(edge.parentVersionId)} />,
    },
    {
      key: "quality",
      header: t("lineage.change"),
      isNumber: true,
      cell: (edge) => <QualityChange edge={edge} />,
    },
  ];
  return (
    <RecordTable
      label={t("lineage.title")}
      columns={columns}
      rows={lineage.edges}
      rowKey={(edge) => edge.versionId}
      tone={(edge) => (edge.versionId === current ? "chosen" : undefined)}
    />
  );
}
