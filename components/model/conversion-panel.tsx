"use client";

import { Anchor, Code, Text } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { RemarkLine } from "#components/remark/remark-line.tsx";
import { BarTable } from "#components/ui/bar-table.tsx";
import { formatBytes, formatCount, formatPercent } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import { type RecordColumn, RecordTable } from "#components/ui/record-table.tsx";
import type { ModelVersionDetail } from "#contracts/model.ts";
import type { Conversion } from "#engine/formats/conversion.schema.ts";
import styles from "./conversion.module.css";
import { usePlace } from "./use-place.ts";

type Output = Conversion["parity"]["outputs"][number];

/** What the file was made of, and the proof that it computes the same. */
export function ConversionPanel({
  version,
  conversion,
}: {
  version: ModelVersionDetail;
  conversion: Conversion;
}) {
  const t = useTranslations("model.conversion");
  const { parity, transposes, notes } = conversion;
  return (
    <Panel title={t("title", { format: t(`formats.${conversion.format}`) })}>
      <div className={styles.parts}>
        <Text size="sm">{t("lead", { reference: parity.reference, inputs: parity.inputs })}</Text>
        <Outputs outputs={parity.outputs} />
        <Text size="xs" c="dimmed">
          {t("tolerance", { tolerance: String(parity.tolerance), steps: parity.steps })}{" "}
          {parity.sensitive > 0 && `${t("sensitive", { sensitive: parity.sensitive })} `}
          {transposes.before > 0 && t("layoutText", transposes)}
        </Text>
        {notes.length > 0 && (
          <section>
            <h3 className={styles.heading}>{t("notes")}</h3>
            <ul className={styles.notes}>
              {notes.map((note) => (
                <li key={JSON.stringify(note)}>
                  <RemarkLine said={note} />
                </li>
              ))}
            </ul>
          </section>
        )}
        <Layers operators={conversion.operators} />
        <Sources version={version} />
      </div>
    </Panel>
  );
}

function Outputs({ outputs }: { outputs: readonly Output[] }) {
  const t = useTranslations("model.conversion");
  const common = useTranslations("common");
  const locale = useLocale();
  const columns: RecordColumn<Output>[] = [
    { key: "name", header: t("output"), isName: true, cell: ({ name }) => <Code>{name}</Code> },
    { key: "abs", header: t("maxAbs"), isNumber: true, cell: ({ maxAbs }) => small(maxAbs, locale) },
    {
      key: "relative",
      header: t("maxRelative"),
      isNumber: true,
      isKept: true,
      cell: ({ maxRelative }) => small(maxRelative, locale),
    },
    {
      key: "class",
      header: t("sameArgMax"),
      isNumber: true,
      isKept: true,
      cell: ({ sameArgMax }) =>
        sameArgMax === undefined ? common("none") : formatPercent(sameArgMax, locale, 0),
    },
  ];
  return <RecordTable label={t("output")} columns={columns} rows={outputs} rowKey={({ name }) => name} />;
}

/** Differences of floats span many orders of magnitude. */
function small(value: number, locale: string): ReactNode {
  const [mantissa = "", exponent = ""] = value.toExponential(1).split("e");
  const digits = (number: number) =>
    new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 }).format(number);
  if (value === 0 || value >= 0.001) return digits(value);
  return (
    <span className={styles.power}>
      {digits(Number(mantissa))} × 10<sup>{Number(exponent)}</sup>
    </span>
  );
}

function Layers({ operators }: { operators: Conversion["operators"] }) {
  const t = useTranslations("model.conversion");
  const names = useTranslations("model.operators");
  const locale = useLocale();
  const rows = Object.entries(operators)
    .map(([name, count]) => ({ key: name, label: name, value: count, text: formatCount(count, locale) }))
    .toSorted((one, other) => other.value - one.value || one.key.localeCompare(other.key));
  return (
    <section>
      <h3 className={styles.heading}>{t("operators")}</h3>
      <BarTable label={t("operators")} nameHeader={names("name")} valueHeader={names("count")} rows={rows} />
    </section>
  );
}

function Sources({ version }: { version: ModelVersionDetail }) {
  const t = useTranslations("model.conversion");
  const locale = useLocale();
  const { org } = usePlace();
  return (
    <section>
      <h3 className={styles.heading}>{t("files")}</h3>
      <ul className={styles.files}>
        {version.sources.map(({ name, bytes }) => (
          <li key={name}>
            <Anchor
              href={`/api/artifacts/model/${version.id}?${new URLSearchParams({ org, source: name })}`}
              download={name}
              title={t("downloadFile", { name })}
            >
              {name}
            </Anchor>
            <span className={styles.size}>{formatBytes(bytes, locale)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
