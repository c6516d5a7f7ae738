"use client";

import { Checkbox, Select, SimpleGrid, Stack } from "@mantine/core";
import { useTranslations } from "next-intl";
import { valueAt } from "./draft.ts";
import { useManifest } from "./manifest-context.tsx";

const delimiters = { auto: undefined, comma: ",", semicolon: ";", tab: "\t", pipe: "|" } as const;
const headers = { auto: undefined, yes: true, no: false } as const;

function keyOf<Table extends Record<string, unknown>>(table: Table, value: unknown): keyof Table & string {
  return Object.keys(table).find((key) => table[key] === value) ?? "auto";
}

/** How tables are read, where it cannot be left to what is found. */
export function CsvFields() {
  const t = useTranslations("dataset.form");
  const { draft, set } = useManifest();
  const names = ["auto", "comma", "semicolon", "tab", "pipe"] as const;
  const rows = ["auto", "yes", "no"] as const;
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <Select
          label={t("delimiter")}
          data={names.map((value) => ({ value, label: t(`delimiters.${value}`) }))}
          value={keyOf(delimiters, valueAt(draft, ["csv", "delimiter"]))}
          onChange={(value) =>
            set(
              ["csv", "delimiter"],
              names.map((name) => (name === value ? delimiters[name] : undefined)).find(Boolean),
            )
          }
        />
        <Select
          label={t("header")}
          data={rows.map((value) => ({ value, label: t(`headers.${value}`) }))}
          value={keyOf(headers, valueAt(draft, ["csv", "header"]))}
          onChange={(value) =>
            set(["csv", "header"], value === "yes" ? true : value === "no" ? false : undefined)
          }
        />
      </SimpleGrid>
      <Checkbox
        label={t("quotes")}
        checked={valueAt(draft, ["csv", "quotes"]) !== false}
        onChange={(event) => set(["csv", "quotes"], event.currentTarget.checked)}
      />
    </Stack>
  );
}
