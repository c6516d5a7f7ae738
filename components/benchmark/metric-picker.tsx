"use client";

import frontier from "#components/experiment/frontier/frontier.module.css";
import { useMetricText } from "#components/run/use-metric-text.ts";

export interface MetricPickerProps {
  readonly label: string;
  readonly value: string;
  readonly values: readonly string[];
  readonly onPick: (metric: string) => void;
}

/** The browser's own list of metrics, as in the picture's head. */
export function MetricPicker({ label, value, values, onPick }: MetricPickerProps) {
  const text = useMetricText();
  // A metric that the address asks for but the board has not is shown as what it is.
  const all = values.includes(value) ? values : [...values, value];
  return (
    <label className={frontier.pickLabel}>
      {label}
      <select className={frontier.pick} value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        {all.map((id) => (
          <option key={id} value={id}>
            {text.name(id)}
          </option>
        ))}
      </select>
    </label>
  );
}
