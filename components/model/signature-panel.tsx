import { Code, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { Panel } from "#components/ui/panel.tsx";
import { type RecordColumn, RecordTable } from "#components/ui/record-table.tsx";
import type { Inspection } from "#engine/inspect.schema.ts";
import styles from "./model.module.css";
import { shapeText } from "./shape.ts";

type Value = Inspection["inputs"][number];

/** What goes in and what comes out: names, element types, shapes. */
export function SignaturePanel({ inspection }: { inspection: Inspection }) {
  const t = useTranslations("model.signature");
  return (
    <Panel title={t("title")} flush>
      <div className={styles.signature}>
        <Values label={t("inputs")} values={inspection.inputs} />
        <Values label={t("outputs")} values={inspection.outputs} />
      </div>
      <Text size="xs" c="dimmed" className={styles.foot}>
        {t("help")}
      </Text>
    </Panel>
  );
}

function Values({ label, values }: { label: string; values: readonly Value[] }) {
  const t = useTranslations("model.signature");
  const columns: RecordColumn<Value>[] = [
    { key: "name", header: label, cell: (value) => <Code>{value.name}</Code>, isName: true, isTitled: true },
    { key: "dtype", header: t("dtype"), cell: (value) => value.dtype, isKept: true },
    {
      key: "shape",
      header: t("shape"),
      cell: (value) => <Shape value={value} />,
      isNumber: true,
      isKept: true,
    },
  ];
  if (values.length === 0) {
    return (
      <Text size="sm" className={styles.foot}>
        {label}: {t("none")}
      </Text>
    );
  }
  return <RecordTable label={label} columns={columns} rows={values} rowKey={(value) => value.name} />;
}

function Shape({ value }: { value: Value }) {
  const t = useTranslations("model.signature");
  if (value.shape === null) return t("anyRank");
  return value.shape.length === 0 ? t("scalar") : shapeText(value.shape);
}
