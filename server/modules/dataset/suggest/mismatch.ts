import type { LookedAtFile, UnequalCounts } from "#contracts/dataset.ts";
import type { SplitName } from "#engine/evaluate/dataset/manifest.schema.ts";
import { splitOf } from "./split-of.ts";

interface Counted {
  readonly name: string;
  readonly split: SplitName | undefined;
  readonly count: number;
}

/**
 * Arrays and labels that cannot belong together: those of one split with different counts, or an array whose split has
 * no labels beside labels whose split has no array. Undefined where nothing of this kind is seen.
 */
export function unequalCounts(files: readonly LookedAtFile[]): UnequalCounts | undefined {
  const counted = (isLabels: boolean): Counted[] =>
    files.flatMap(({ name, array }) =>
      array && (array.shape.length === 1) === isLabels
        ? [{ name, split: splitOf(name), count: array.shape[0] ?? 0 }]
        : [],
    );
  const [items, labels] = [counted(false), counted(true)];
  for (const item of items) {
    const label = labels.find(({ split }) => split === item.split);
    if (label && label.count !== item.count) return told(item, label);
  }
  const lone = items.find((item) => labels.every(({ split }) => split !== item.split));
  const loneLabel = labels.find((label) => items.every(({ split }) => split !== label.split));
  return lone && loneLabel && lone.count !== loneLabel.count ? told(lone, loneLabel) : undefined;
}

function told(items: Counted, labels: Counted): UnequalCounts {
  return {
    items: { file: items.name, count: items.count },
    labels: { file: labels.name, count: labels.count },
  };
}
