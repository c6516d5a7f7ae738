import {
  createColumnHelper,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
} from "@tanstack/react-table";
import type { RunRow } from "#contracts/run.ts";
import { type ColumnSpec, specText } from "./column-spec.ts";

/** Sorting, filtering and paging happen on the server; the table keeps what is chosen for comparison. */
export const features = tableFeatures({ rowSelectionFeature, rowSortingFeature });

const helper = createColumnHelper<typeof features, RunRow>();

/** Columns that the table always has, around those that a person chose. */
export const fixedColumns = ["select", "recipe", "state"] as const;

/** One column per chosen metric; its cells are drawn by the table, which knows the baseline. */
export function columnsOf(specs: readonly ColumnSpec[]) {
  return helper.columns([
    helper.display({ id: "select", enableSorting: false }),
    helper.accessor("recipeName", { id: "recipe" }),
    ...specs.map((spec) =>
      helper.accessor((row) => row.values[spec.metric]?.value, {
        id: specText(spec),
        // The server sorts by values: a change or a ratio has the order of its value.
        enableSorting: spec.kind === "value",
      }),
    ),
    helper.accessor("state", { id: "state" }),
  ]);
}
