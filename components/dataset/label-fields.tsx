"use client";

import { SimpleGrid, Stack, Switch } from "@mantine/core";
import { useTranslations } from "next-intl";
import { type Path, referenceOf } from "./draft.ts";
import { ChoiceField, TextField } from "./fields.tsx";
import { useColumns, useManifest } from "./manifest-context.tsx";

/** Where the right answer stands. */
export function LabelFields() {
  const t = useTranslations("dataset.form");
  const { draft, set } = useManifest();
  return (
    <Stack gap="sm">
      <Switch
        label={t("hasLabel")}
        checked={draft.label !== undefined}
        onChange={(event) => set(["label"], event.currentTarget.checked ? { from: "" } : undefined)}
      />
      {draft.label !== undefined && (
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
          <ColumnField path={["label", "from"]} label={t("labelFrom")} />
          {draft.task === "ranking" && (
            <ColumnField path={["label", "group"]} label={t("group")} description={t("groupHelp")} />
          )}
          <TextField
            path={["label", "output"]}
            label={t("output")}
            description={t("outputHelp")}
            parse={(text) => (text.trim() === "" ? undefined : referenceOf(text))}
          />
        </SimpleGrid>
      )}
    </Stack>
  );
}

function ColumnField(props: { readonly path: Path; readonly label: string; readonly description?: string }) {
  const columns = useColumns();
  // Without columns to choose from, the name is typed.
  if (columns.length === 0) return <TextField {...props} />;
  return <ChoiceField {...props} data={columns.map((name) => ({ value: name, label: name }))} />;
}
