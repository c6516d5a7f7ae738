"use client";

import { Checkbox } from "@mantine/core";
import { type RowSelectionState, useTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useTranslations } from "next-intl";
import { useMemo, useRef } from "react";
import { RemarkLine } from "#components/remark/remark-line.tsx";
import { ProgressLine } from "#components/run/progress-line.tsx";
import { StateBadge } from "#components/run/state-badge.tsx";
import { Swatch } from "#components/run/swatch.tsx";
import { useRecipeName } from "#components/run/use-recipe-name.ts";
import { saidBy } from "#contracts/problem.ts";
import { hasEnded, type RunRow, type RunSort } from "#contracts/run.ts";
import { MetricCell } from "./cells.tsx";
import { type ColumnSpec, specText } from "./column-spec.ts";
import { columnsOf, features } from "./columns.tsx";
import { importantColumns, valuesOf } from "./important.ts";
import styles from "./table.module.css";
import { useColumnLabel } from "./use-column-label.ts";

export interface RunTableProps {
  readonly rows: readonly RunRow[];
  readonly specs: readonly ColumnSpec[];
  readonly baseline: RunRow | undefined;
  readonly sort: RunSort;
  readonly onSort: (sort: RunSort) => void;
  /** ID of the run in the side panel. */
  readonly selected: string | null;
  readonly onSelect: (runId: string) => void;
  /** IDs of the runs chosen for comparison. */
  readonly chosen: RowSelectionState;
  readonly onChosen: (chosen: RowSelectionState) => void;
}

/** More rows than this and only those in view are in the document. */
const virtualFrom = 40;
const rowHeight = 37;

/** The runs, one per row; on a phone one per card. */
export function RunTableView(props: RunTableProps) {
  const { rows, specs, sort, chosen } = props;
  const t = useTranslations("experiment.table");
  const scroll = useRef<HTMLElement>(null);
  const columns = useMemo(() => columnsOf(specs), [specs]);
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({
    features,
    columns,
    data,
    getRowId: (row) => row.id,
    manualSorting: true,
    state: { sorting: [{ id: sort.by, desc: sort.descending }], rowSelection: chosen },
    onRowSelectionChange: (update) => props.onChosen(typeof update === "function" ? update(chosen) : update),
  });
  const all = table.getRowModel().rows;
  const isVirtual = all.length > virtualFrom;
  const virtual = useVirtualizer({
    count: all.length,
    enabled: isVirtual,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    // What the server writes before anybody's window is known: the rows that a first look can show.
    initialRect: { width: 800, height: 370 },
  });
  const items = virtual.getVirtualItems();
  const shown = isVirtual ? items.flatMap((item) => all[item.index] ?? []) : all;
  const before = isVirtual ? (items[0]?.start ?? 0) : 0;
  const after = isVirtual ? virtual.getTotalSize() - (items.at(-1)?.end ?? 0) : 0;
  const important = useMemo(() => importantColumns(specs), [specs]);
  const importantOfBaseline = useMemo(() => valuesOf(important), [important]);
  const label = useColumnLabel();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: an area that scrolls must be reachable by keyboard.
    <section ref={scroll} className={styles.scroll} data-sideways tabIndex={0} aria-label={t("label")}>
      <table className={styles.table} aria-rowcount={all.length + 1}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => (
                <Head key={header.id} id={header.column.id} canSort={header.column.getCanSort()} {...props} />
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          <Spacer height={before} />
          {shown.map((row) => (
            <Row
              key={row.id}
              {...props}
              row={row.original}
              important={row.original.isBaseline ? importantOfBaseline : important}
              label={label}
              isChosen={row.getIsSelected()}
              onToggle={() => row.toggleSelected()}
            />
          ))}
          <Spacer height={after} />
        </tbody>
      </table>
    </section>
  );
}

function Spacer({ height }: { height: number }) {
  return height > 0 ? <tr aria-hidden style={{ height }} /> : null;
}

type HeadProps = Pick<RunTableProps, "sort" | "onSort"> & { readonly id: string; readonly canSort: boolean };

function Head({ id, canSort, sort, onSort }: HeadProps) {
  const t = useTranslations("experiment.table");
  const label = useColumnLabel();
  const words = label(id);
  if (id === "select") {
    return (
      <th scope="col" data-column="select">
        <span className="visually-hidden">{t("choose")}</span>
      </th>
    );
  }
  const isSorted = sort.by === id;
  const next = () => {
    // Largest first is what a reader wants of numbers, A to Z of names; the third click goes back.
    const first = id !== "recipe" && id !== "state";
    if (!isSorted) return onSort({ by: id, descending: first });
    if (sort.descending === first) return onSort({ by: id, descending: !first });
    return onSort({ by: "number", descending: false });
  };
  return (
    <th
      scope="col"
      data-column={id === "recipe" || id === "state" ? id : undefined}
      aria-sort={isSorted ? (sort.descending ? "descending" : "ascending") : undefined}
    >
      {canSort ? (
        <button type="button" className={styles.sort} data-sorted={isSorted || undefined} onClick={next}>
          {words}
          {isSorted && <span aria-hidden>{sort.descending ? "↓" : "↑"}</span>}
        </button>
      ) : (
        <span className={styles.still}>{words}</span>
      )}
    </th>
  );
}

interface RowProps extends Omit<RunTableProps, "rows"> {
  readonly row: RunRow;
  readonly important: ReadonlySet<string>;
  readonly label: (id: string, isLong?: boolean) => string;
  readonly isChosen: boolean;
  readonly onToggle: () => void;
}

function Row({ row, specs, baseline, selected, onSelect, important, label, isChosen, onToggle }: RowProps) {
  const t = useTranslations("experiment.table");
  const recipe = useRecipeName()(row);
  const isSelected = row.id === selected;
  const hasValues = row.state === "succeeded" || specs.some((spec) => row.values[spec.metric]);
  return (
    // A click anywhere on the row is a convenience; the recipe's button does the same for the keyboard.
    <tr
      className={styles.row}
      data-selected={isSelected || undefined}
      data-baseline={row.isBaseline || undefined}
      aria-selected={isSelected}
      onClick={() => onSelect(row.id)}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: keeps a click on the box from selecting the row. */}
      <td data-column="select" onClick={(event) => event.stopPropagation()}>
        <Checkbox
          size="xs"
          checked={isChosen}
          onChange={onToggle}
          aria-label={t("chooseRun", { number: row.number, recipe })}
        />
      </td>
      <td data-column="recipe">
        <span className={styles.recipe}>
          <Swatch run={row} />
          <button
            type="button"
            className={styles.name}
            aria-pressed={isSelected}
            title={`${row.number} · ${recipe}`}
            onClick={(event) => {
              event.stopPropagation();
              onSelect(row.id);
            }}
          >
            {recipe}
          </button>
        </span>
      </td>
      {hasValues ? (
        specs.map((spec) => {
          const id = specText(spec);
          return (
            <td key={id} data-priority={important.has(id) || undefined} data-label={label(id, true)}>
              <MetricCell row={row} spec={spec} baseline={baseline} />
            </td>
          );
        })
      ) : (
        <td colSpan={specs.length + 1} className={styles.wide} data-column="wide">
          <div className={styles.instead}>
            <Instead row={row} />
            <StateBadge state={row.state} cancelling={row.cancelRequested} />
          </div>
        </td>
      )}
      {hasValues && (
        <td data-column="state">
          <StateBadge state={row.state} cancelling={row.cancelRequested} />
        </td>
      )}
    </tr>
  );
}

/** What stands where a run has no values yet, or never will. */
function Instead({ row }: { row: RunRow }) {
  const t = useTranslations("run.progress");
  if (!hasEnded(row.state)) {
    return (
      <ProgressLine
        state={row.state}
        progress={row.progress}
        attempt={row.attempt}
        label={t("label", { recipe: row.recipeName })}
      />
    );
  }
  return <span className={styles.reason}>{row.problem && <RemarkLine said={saidBy(row.problem)} />}</span>;
}
