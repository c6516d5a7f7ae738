"use client";

import { useMutation } from "@tanstack/react-query";
import { useTRPCClient } from "#components/api/client.ts";
import type { RunFilter, RunRow, RunSort } from "#contracts/run.ts";
import { toCsv } from "./csv.ts";

export interface ExportInput {
  readonly org: string;
  readonly experimentId: string;
  readonly metrics: readonly string[];
  readonly filter: RunFilter;
  readonly sort: RunSort;
  readonly fileName: string;
}

const perRequest = 200;
/** As many as one experiment can hold. */
const mostRows = 20_000;
/** Metrics that one request can ask for. */
const mostMetrics = 50;

/** Reads every run of the view and hands it to the browser as a CSV file. */
export function useExport() {
  const client = useTRPCClient();
  return useMutation({
    mutationFn: async ({ org, experimentId, metrics, filter, sort, fileName }: ExportInput) => {
      const columns = metrics.slice(0, mostMetrics);
      const rows: RunRow[] = [];
      for (let cursor: string | null = null; rows.length < mostRows; ) {
        const page = await client.experiment.runs.query({
          org,
          experimentId,
          columns,
          filter,
          sort,
          cursor,
          limit: perRequest,
        });
        rows.push(...page.rows);
        cursor = page.nextCursor;
        if (cursor === null) break;
      }
      // A spreadsheet takes a file without this mark for one in the system's old encoding.
      const url = URL.createObjectURL(
        new Blob(["\ufeff", toCsv(rows, columns)], { type: "text/csv;charset=utf-8" }),
      );
      const link = document.createElement("a");
      link.href = url;
      link.download = fileName;
      link.click();
      URL.revokeObjectURL(url);
    },
  });
}
