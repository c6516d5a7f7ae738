import type { DatasetSummary } from "#engine/evaluate/dataset/summary.schema.ts";

type Label = NonNullable<DatasetSummary["label"]>;
type Split = keyof DatasetSummary["items"];

export interface Bin {
  readonly key: string;
  readonly label: string;
  readonly value: number;
}

export interface BinWords {
  readonly value: (value: number) => string;
  readonly range: (low: string, high: string) => string;
}

/** Items of a split per class, per value where there are few, or per range, which includes its lower bound. */
export function binsOf(label: Label, split: Split, words: BinWords): Bin[] {
  const counts = label.counts[split] ?? [];
  if (label.kind === "class") {
    return label.classes.map((name, index) => ({
      key: String(index),
      label: name,
      value: counts[index] ?? 0,
    }));
  }
  const { edges, values } = label;
  const one = (index: number, upper: number) => {
    const value = values?.[index];
    return value === undefined
      ? words.range(words.value(edges[index] ?? 0), words.value(upper))
      : words.value(value);
  };
  return edges.slice(1).map((upper, index) => ({
    key: String(index),
    label: one(index, upper),
    value: counts[index] ?? 0,
  }));
}
