import type { ReactNode } from "react";
import styles from "./record-table.module.css";

export interface RecordColumn<Row> {
  readonly key: string;
  readonly header: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand at the end, so that their digits align. */
  readonly isNumber?: boolean;
  /** The column that names the row: the heading of its card on a phone. */
  readonly isName?: boolean;
  /** Says its header on a phone's card too, where the name alone would not say what it names. */
  readonly isTitled?: boolean;
  /** Kept on a phone, with its header as label; choose the two that matter most. */
  readonly isKept?: boolean;
  /** How the rows are ordered by this column now. */
  readonly sort?: "ascending" | "descending" | "none";
}

export interface RecordTableProps<Row> {
  /** What the table lists; for screen readers. */
  readonly label: string;
  readonly columns: readonly RecordColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly tone?: (row: Row) => "chosen" | "faint" | undefined;
}

/** Rows of one kind: a table on a wide screen, cards on a phone. */
export function RecordTable<Row>({ label, columns, rows, rowKey, tone }: RecordTableProps<Row>) {
  return (
    <table className={styles.table} aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th
              key={column.key}
              scope="col"
              data-number={column.isNumber || undefined}
              aria-sort={column.sort === undefined || column.sort === "none" ? undefined : column.sort}
            >
              {column.header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)} data-tone={tone?.(row)}>
            {columns.map((column) => (
              <RecordCell key={column.key} column={column} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RecordCell<Row>({ column, row }: { column: RecordColumn<Row>; row: Row }) {
  const common = {
    "data-number": column.isNumber || undefined,
    "data-kept": column.isKept || undefined,
  };
  if (column.isName) {
    return (
      <th scope="row" className={styles.name} {...common}>
        {column.isTitled && (
          <span className={styles.label} aria-hidden>
            {column.header}
          </span>
        )}
        {column.cell(row)}
      </th>
    );
  }
  return (
    <td {...common}>
      {/* The header again, for the card of a phone; on a wide screen the column has it. */}
      <span className={styles.label} aria-hidden>
        {column.header}
      </span>
      {column.cell(row)}
    </td>
  );
}
