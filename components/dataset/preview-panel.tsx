"use client";

import { Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { Panel } from "#components/ui/panel.tsx";
import type { DatasetSummary } from "#engine/evaluate/dataset/summary.schema.ts";
import styles from "./dataset.module.css";
import { SampleImage } from "./sample-image.tsx";

/** What a person can look at: pictures as pictures, tables and texts as a table. */
export function PreviewPanel({ summary }: { summary: DatasetSummary }) {
  const t = useTranslations("dataset");
  const { images, head, columns } = summary;
  if (images.length > 0) {
    return (
      <Panel title={t("preview.title")} hint={t("preview.images", { count: images.length })}>
        <ul className={styles.images}>
          {images.map((image, index) => {
            const label =
              image.label === undefined
                ? t("preview.unlabelled")
                : t("preview.labelled", { label: image.label });
            const split = t(`split.${image.split}`);
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: samples are fixed and have no identity but their place.
              <li key={index}>
                <figure>
                  <SampleImage image={image} alt={t("preview.image", { number: index + 1, split, label })} />
                  <figcaption>
                    <strong>{image.label ?? ""}</strong>
                    <span>{split}</span>
                  </figcaption>
                </figure>
              </li>
            );
          })}
        </ul>
      </Panel>
    );
  }
  if (head.length === 0) {
    return (
      <Panel title={t("preview.title")}>
        <Text c="dimmed">{t("preview.none")}</Text>
      </Panel>
    );
  }
  return (
    <Panel title={t("preview.title")} hint={t("preview.rows", { count: head.length })} flush>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section className={styles.scroller} aria-label={t("preview.region")} tabIndex={0}>
        <table className={styles.cells}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.name} scope="col">
                  {column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {head.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows are fixed and have no identity but their place.
              <tr key={index}>
                {columns.map((column, at) => (
                  <td key={column.name} title={(row[at]?.length ?? 0) > 60 ? row[at] : undefined}>
                    {row[at]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {summary.columnsCut && (
        <Text size="xs" c="dimmed" p="xs">
          {t("preview.columnsCut", { count: columns.length })}
        </Text>
      )}
    </Panel>
  );
}
