import type { DatasetSummary } from "#engine/evaluate/dataset/summary.schema.ts";

type Label = NonNullable<DatasetSummary["label"]>;
type Split = keyof DatasetSummary["items"];

export interface Bin {
  readonly key: string;
  readonly label: string;
  readonly value: number;
}

/** Items of a split per class, or per range of the label's value; ranges include their lower bound. */
export function binsOf(label: Label, split: Split, format: (value: number) => string): Bin[] {
  const counts = label.counts[split] ?? [];
  if (label.kind === "class") {
    return label.classes.map((name, index) => ({
      key: String(index),
      label: name,
      value: counts[index] ?? 0,
    }));
  }
  return label.edges.slice(1).map((upper, index) => ({
    key: String(index),
    label: `${format(label.edges[index] ?? 0)} … ${format(upper)}`,
    value: counts[index] ?? 0,
  }));
}
