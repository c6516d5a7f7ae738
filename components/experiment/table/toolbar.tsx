"use client";

import { Button, Checkbox, Group, Popover, Stack, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconDownload, IconFilter, IconX } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { type RunState, runStates } from "#contracts/run.ts";
import { ColumnMenu } from "./column-menu.tsx";
import type { ColumnSpec } from "./column-spec.ts";
import styles from "./table.module.css";

export interface ToolbarProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly states: readonly RunState[];
  readonly onStates: (states: RunState[]) => void;
  readonly specs: readonly ColumnSpec[];
  readonly metrics: readonly string[];
  readonly onSpecs: (specs: ColumnSpec[]) => void;
  readonly onExport: () => void;
  readonly isExporting: boolean;
}

/** What stands above the table: filter, columns, export. */
export function Toolbar(props: ToolbarProps) {
  const t = useTranslations("experiment.table");
  return (
    <Group gap={4} wrap="nowrap">
      <FilterMenu {...props} />
      <ColumnMenu specs={props.specs} metrics={props.metrics} onSpecs={props.onSpecs} />
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        leftSection={<IconDownload size={15} aria-hidden />}
        loading={props.isExporting}
        onClick={props.onExport}
        title={t("exportHelp")}
      >
        {t("export")}
      </Button>
    </Group>
  );
}

function FilterMenu({ text, onText, states, onStates }: ToolbarProps) {
  const t = useTranslations("experiment.table");
  const stateName = useTranslations("run.state");
  const [typed, setTyped] = useState(text);
  const send = useDebouncedCallback(onText, 250);
  return (
    <Popover position="bottom-end" shadow="md" width={260} trapFocus onClose={() => setTyped(text)}>
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<IconFilter size={15} aria-hidden />}
        >
          {t("filter")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <TextInput
            type="search"
            label={t("filterText")}
            value={typed}
            maxLength={100}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              send(event.currentTarget.value);
            }}
          />
          <Checkbox.Group
            label={t("filterStates")}
            value={[...states]}
            onChange={(value) => onStates(runStates.filter((state) => value.includes(state)))}
          >
            <Stack gap={6} mt={6}>
              {runStates.map((state) => (
                <Checkbox key={state} size="xs" value={state} label={stateName(state)} />
              ))}
            </Stack>
          </Checkbox.Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

export interface FiltersProps {
  readonly text: string;
  readonly states: readonly RunState[];
  readonly hasArea: boolean;
  readonly onClear: (what: "text" | "states" | "area") => void;
}

/** The filters in force, each with a way out. */
export function ActiveFilters({ text, states, hasArea, onClear }: FiltersProps) {
  const t = useTranslations("experiment.table");
  const stateName = useTranslations("run.state");
  const chips = [
    text !== "" && ({ key: "text", words: t("filteredText", { text }) } as const),
    states.length > 0 &&
      ({ key: "states", words: states.map((state) => stateName(state)).join(" · ") } as const),
    hasArea && ({ key: "area", words: t("filteredArea") } as const),
  ].filter((chip) => chip !== false);
  if (chips.length === 0) return null;
  return (
    <div className={styles.filters}>
      {chips.map(({ key, words }) => (
        <Button
          key={key}
          variant="default"
          size="compact-xs"
          rightSection={<IconX size={12} aria-hidden />}
          onClick={() => onClear(key)}
          aria-label={t("clearFilter", { filter: words })}
        >
          {words}
        </Button>
      ))}
    </div>
  );
}
