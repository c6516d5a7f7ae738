"use client";

import { Button, Checkbox, Popover, ScrollArea, Stack } from "@mantine/core";
import { IconColumns } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useMetricText } from "#components/run/use-metric-text.ts";
import { betterOf, byMetric, groupOf, metricGroups } from "#contracts/metric.ts";
import { type ColumnKind, type ColumnSpec, specText } from "./column-spec.ts";
import styles from "./table.module.css";

export interface ColumnMenuProps {
  readonly specs: readonly ColumnSpec[];
  readonly metrics: readonly string[];
  readonly onSpecs: (specs: ColumnSpec[]) => void;
}

/** How many times smaller is a question for what should be small; a change is one for all. */
function kindsOf(metric: string): readonly ColumnKind[] {
  const group = groupOf(metric);
  if (group === "experiment" || group === "other") return ["value"];
  return betterOf(metric) === "lower" && group !== "quality" && group !== "fidelity"
    ? ["value", "change", "ratio"]
    : ["value", "change"];
}

/** Chooses columns from everything that was measured. */
export function ColumnMenu({ specs, metrics, onSpecs }: ColumnMenuProps) {
  const t = useTranslations("experiment.table");
  const common = useTranslations("common");
  const groupName = useTranslations("run.group");
  const text = useMetricText();
  const chosen = new Set(specs.map(specText));
  const toggle = (spec: ColumnSpec) => {
    const id = specText(spec);
    onSpecs(chosen.has(id) ? specs.filter((one) => specText(one) !== id) : [...specs, spec]);
  };
  const groups = metricGroups
    .map((group) => ({
      group,
      own: metrics.filter((metric) => groupOf(metric) === group).toSorted(byMetric),
    }))
    .filter(({ own }) => own.length > 0);
  return (
    <Popover position="bottom-end" shadow="md" width={400} trapFocus>
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<IconColumns size={15} aria-hidden />}
        >
          {t("columns")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <ScrollArea.Autosize mah={420} p="sm" viewportProps={{ tabIndex: 0 }}>
          <Stack gap="sm">
            {groups.map(({ group, own }) => (
              <fieldset key={group} className={styles.fieldset}>
                <legend>{groupName(group)}</legend>
                {own.map((metric) => (
                  <div
                    key={metric}
                    style={{ display: "flex", gap: 12, alignItems: "center", padding: "3px 0" }}
                  >
                    {kindsOf(metric).map((kind) => (
                      <Checkbox
                        key={kind}
                        size="xs"
                        checked={chosen.has(specText({ metric, kind }))}
                        onChange={() => toggle({ metric, kind })}
                        label={kind === "value" ? text.name(metric) : t(`kind.${kind}`)}
                        aria-label={
                          kind === "value"
                            ? undefined
                            : common("labelled", { name: text.name(metric), value: t(`kind.${kind}`) })
                        }
                        style={kind === "value" ? { flex: 1 } : undefined}
                      />
                    ))}
                  </div>
                ))}
              </fieldset>
            ))}
            <Button variant="default" size="xs" onClick={() => onSpecs([])}>
              {t("usualColumns")}
            </Button>
          </Stack>
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}
