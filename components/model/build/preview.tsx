"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { RemarkLine } from "#components/remark/remark-line.tsx";
import { formatBytes, formatCount } from "#components/ui/format.ts";
import { Notice } from "#components/ui/notice.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { ArchitecturePreview } from "#contracts/architecture.ts";
import type { Architecture } from "#engine/train/catalogue/architecture.schema.ts";
import styles from "../model.module.css";
import { shapeText } from "../shape.ts";

/** What an architecture would be; `isCurrent` is false while an earlier answer stands in for it. */
export function usePreview(org: string, architecture: Architecture | undefined) {
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.model.preview.queryOptions({
      org,
      architecture: architecture ?? { kind: "mlp", input: [1], hidden: [], outputs: 1 },
    }),
    enabled: architecture !== undefined,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return {
    preview: architecture === undefined ? undefined : query.data,
    isCurrent: architecture !== undefined && query.isSuccess && !query.isPlaceholderData,
    error: query.error,
  };
}

/** Parameters, file size, inputs and outputs, before anything is built. */
export function PreviewPanel({
  preview,
  error,
}: {
  preview: ArchitecturePreview | undefined;
  error: unknown;
}) {
  const t = useTranslations("model.build");
  const locale = useLocale();
  return (
    <Panel title={t("preview")}>
      <div role="status">
        {preview === undefined ? (
          <p className={styles.quiet}>{t("wait")}</p>
        ) : (
          <>
            <dl className={styles.facts}>
              <dt>{t("parameters")}</dt>
              <dd>{formatCount(preview.parameters, locale)}</dd>
              <dt>{t("size")}</dt>
              <dd>{t("about", { size: formatBytes(preview.bytes, locale) })}</dd>
              <dt>{t("inputs")}</dt>
              <dd>
                <Values values={preview.inputs} />
              </dd>
              <dt>{t("outputs")}</dt>
              <dd>
                <Values values={preview.outputs} />
              </dd>
            </dl>
            {preview.refusal && (
              <div className={styles.refusal}>
                <Notice tone="warning" title={t("cannot")}>
                  <RemarkLine said={preview.refusal} />
                </Notice>
              </div>
            )}
          </>
        )}
      </div>
      <ErrorNote error={error} />
    </Panel>
  );
}

function Values({ values }: { values: ArchitecturePreview["inputs"] }) {
  const t = useTranslations("model.build");
  return values.map(({ name, dtype, shape }) => (
    <span key={name} className={styles.line}>
      {t("value", { name, dtype, shape: shapeText(shape ?? []) })}
    </span>
  ));
}
