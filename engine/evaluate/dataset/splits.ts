import { EngineError } from "#engine/error.ts";
import type { Table } from "./columns.ts";
import { type Cuts, cutRows } from "./cut.ts";
import type { Labels } from "./labels.ts";
import { type Manifest, type SplitName, splitNames } from "./manifest.schema.ts";
import { resolveColumn } from "./resolve.ts";
import { splitOf } from "./split-names.ts";

/** Ascending row numbers of each split; an absent split is empty. */
export type Splits = Readonly<Record<SplitName, Uint32Array>>;

/** Rows from..to of the whole table come from the file given for a split. */
export interface GivenRange {
  readonly split: SplitName | undefined;
  readonly from: number;
  readonly to: number;
}

/**
 * The splits of a dataset: as given per file, by column, or cut by seed. A given split is never cut again, except
 * that calibration and tuning items may be taken out of train.
 */
export function makeSplits(
  manifest: Manifest,
  table: Table,
  ranges: readonly GivenRange[],
  labels: Labels | undefined,
): Splits {
  const { splits } = manifest;
  const strata = labels?.kind === "class" ? labels.values : undefined;
  const seed = splits.seed ?? 0;
  const given = splits.column === undefined ? fromFiles(ranges) : byColumn(manifest, table);
  const cuts: Cuts = (["test", "tuning", "calibration"] as const).flatMap((name) => {
    const amount = splits[name];
    return typeof amount === "number" ? [[name, amount] as const] : [];
  });
  const twice = cuts.find(([name]) => given[name as SplitName].length > 0);
  if (twice !== undefined) {
    throw new EngineError("data-mismatch", `The ${twice[0]} split is given and cannot be cut as well`);
  }
  const { parts, rest } = cutRows(given.train, cuts, seed, strata);
  return {
    train: rest,
    calibration: parts.get("calibration") ?? given.calibration,
    tuning: parts.get("tuning") ?? given.tuning,
    test: parts.get("test") ?? given.test,
  };
}

function fromFiles(ranges: readonly GivenRange[]): Splits {
  const rows = (name: SplitName) =>
    // A single file without a column counts as train until it is cut.
    Uint32Array.from(
      ranges
        .filter(({ split }) => (split ?? "train") === name)
        .flatMap(({ from, to }) => Array.from({ length: to - from }, (_, index) => from + index)),
    );
  return {
    train: rows("train"),
    calibration: rows("calibration"),
    tuning: rows("tuning"),
    test: rows("test"),
  };
}

function byColumn(manifest: Manifest, table: Table): Splits {
  const name = resolveColumn(manifest.splits.column!, table.names, " for the splits");
  const column = table.columns.get(name)!;
  if (column.kind !== "text") {
    throw new EngineError("data-mismatch", `Column "${name}" must name splits, it holds numbers`);
  }
  const rows: Record<SplitName, number[]> = { train: [], calibration: [], tuning: [], test: [] };
  for (const [row, cell] of column.values.entries()) {
    const split = splitOf(cell);
    if (split === undefined) {
      throw new EngineError(
        "data-mismatch",
        `"${cell.slice(0, 60)}" in item ${row} is no split; write ${splitNames.join(", ")}`,
        `column "${name}"`,
      );
    }
    rows[split].push(row);
  }
  return {
    train: Uint32Array.from(rows.train),
    calibration: Uint32Array.from(rows.calibration),
    tuning: Uint32Array.from(rows.tuning),
    test: Uint32Array.from(rows.test),
  };
}
