"use client";

import { Tooltip } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useTechniqueWords } from "#components/recipe/words/technique-words.ts";
import { useMetricText } from "#components/run/use-metric-text.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { DataNumber } from "#components/ui/data-number.tsx";
import { formatBytes, formatCount, formatPercent } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import { useList } from "#components/ui/use-list.ts";
import type { LineageEdge, ModelVersionDetail } from "#contracts/model.ts";
import type { Inspection } from "#engine/inspect.schema.ts";
import { wordsKey } from "./build/architectures.ts";
import { sizeIn } from "./lineage-change.tsx";
import { MacsFact } from "./macs-fact.tsx";
import styles from "./model.module.css";

/** Of a version that a run made: what the file takes where it is stored or sent. */
const sizes = ["size/gzip", "size/encoded"] as const;

export interface FilePanelProps {
  readonly version: ModelVersionDetail;
  /** The run that made it, with what it measured; undefined for a file that was uploaded. */
  readonly made: LineageEdge | undefined;
}

/** What was found in the file, in one column of facts. */
export function FilePanel({ version, made }: FilePanelProps) {
  const t = useTranslations("model");
  const locale = useLocale();
  const text = useMetricText();
  return (
    <Panel title={t("file")}>
      <dl className={styles.facts}>
        <Fact name={t("columns.size")}>{formatBytes(version.bytes, locale)}</Fact>
        {sizes.map((id) => {
          const size = sizeIn(made, id);
          return (
            size && (
              <Fact key={id} name={text.name(id)}>
                <DataNumber value={size.value} unit={size.unit} interval={size.interval} />
              </Fact>
            )
          );
        })}
        {version.inspection && <Inspected inspection={version.inspection} />}
        <Fact name={t("checksum")}>
          <span className={styles.copied}>
            <span className={styles.hash}>{version.sha256.slice(0, 12)}…</span>
            <CopyButton value={version.sha256} />
          </span>
        </Fact>
      </dl>
    </Panel>
  );
}

function Inspected({ inspection }: { inspection: Inspection }) {
  const t = useTranslations("model");
  const locale = useLocale();
  const list = useList();
  const words = useTechniqueWords();
  const { opset, opsets, producer, warnings, untrained } = inspection;
  const others = Object.entries(opsets).filter(([domain]) => domain !== "" && domain !== "ai.onnx");
  return (
    <>
      <Fact name={t("columns.format")}>ONNX</Fact>
      {untrained && (
        <Fact name={t("untrained.origin")}>
          {t("untrained.originValue", {
            kind: words.name(wordsKey(untrained.architecture.kind)),
            seed: String(untrained.seed),
          })}
        </Fact>
      )}
      <Fact name={t("quantization")}>{t(`quantizations.${inspection.quantization}`)}</Fact>
      <Fact name={t("parameters")}>{formatCount(inspection.parameters, locale)}</Fact>
      {inspection.sparsity > 0 && (
        <Fact name={t("sparsity")}>{formatPercent(inspection.sparsity, locale, 1)}</Fact>
      )}
      <Fact name={t("macs")}>
        <MacsFact inspection={inspection} />
      </Fact>
      <Fact name={t("opset")}>
        {list([
          ...(opset === null ? [] : [String(opset)]),
          ...others.map(([domain, version]) => t("opsetOther", { domain, version: String(version) })),
        ])}
      </Fact>
      {inspection.irVersion !== null && <Fact name={t("ir")}>{inspection.irVersion}</Fact>}
      {producer.name !== "" && (
        <Fact name={t("producer")}>{`${producer.name} ${producer.version}`.trim()}</Fact>
      )}
      {warnings.length > 0 && (
        <Fact name={t("warnings")}>
          <Tooltip label={warnings.join(" ")}>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the text behind it must be reachable by keyboard. */}
            <span tabIndex={0} lang="en">
              {warnings[0]}
            </span>
          </Tooltip>
        </Fact>
      )}
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
