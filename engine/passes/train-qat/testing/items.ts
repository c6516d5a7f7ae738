import { type Dataset, loadDataset } from "#engine/evaluate/dataset/dataset.ts";
import { parseManifest } from "#engine/evaluate/dataset/manifest.ts";
import { sizeOf } from "#engine/train/autodiff/operand.ts";
import { noise } from "#engine/train/autodiff/testing/case.ts";
import type { Architecture } from "#engine/train/catalogue/architecture.schema.ts";

/** Made-up items that an architecture takes: numbers, words, or a user and an item, with a label that follows from them. */
export function itemsFor(spec: Architecture, count = 120): Dataset {
  const columns = columnsOf(spec);
  const random = noise(count * columns.length, 21);
  const isRanking = "users" in spec;
  const rows = Array.from({ length: count }, (_, row) => {
    const values = columns.map(({ below }, at) => {
      const value = random[row * columns.length + at] ?? 0;
      return below === undefined ? value : Math.floor(((value + 1) / 2) * below) % below;
    });
    const sum = values.slice(0, 6).reduce((a, b) => a + b, 0);
    const label = isRanking ? 1 + (Math.abs(sum) % 5) : Math.abs(Math.round(sum)) % 3;
    return [...values, label].join(",");
  });
  const names = columns.map(({ name }) => name);
  const manifest = parseManifest(
    JSON.stringify({
      name: "items",
      task: isRanking ? "regression" : "classification",
      splits: { train: "items.csv", tuning: 0.25 },
      inputs: isRanking
        ? names.map((name, at) => ({ to: at, from: name, dtype: "int64" }))
        : [{ to: 0, from: names, dtype: "vocabulary" in spec ? "int64" : "float32", ...shapeOf(spec) }],
      label: { from: "label" },
    }),
  );
  return loadDataset(manifest, () =>
    new TextEncoder().encode([[...names, "label"].join(","), ...rows].join("\n")),
  );
}

interface Column {
  readonly name: string;
  /** Whole numbers from 0; undefined for numbers between −1 and 1. */
  readonly below?: number;
}

function columnsOf(spec: Architecture): Column[] {
  if ("users" in spec)
    return [
      { name: "user", below: spec.users },
      { name: "item", below: spec.items },
    ];
  if ("vocabulary" in spec)
    return Array.from({ length: spec.length }, (_, at) => ({ name: `w${at}`, below: spec.vocabulary }));
  return Array.from({ length: sizeOf(spec.input) }, (_, at) => ({ name: `x${at}` }));
}

function shapeOf(spec: Architecture) {
  return "input" in spec && spec.input.length > 1 ? { shape: spec.input } : {};
}
