import { EngineError } from "#engine/error.ts";
import { parseNumber } from "./csv-dialect.ts";

/** A cell as its format gives it: text of CSV, values of JSON and Parquet. */
export type Cell = unknown;

/** What people write into a cell that has no value, beside nothing at all; compared in lower case. */
const missingMarks = new Set(["", "na", "n/a", "nan", "null", "none", "?", "-"]);

export function isList(cell: Cell): cell is ArrayLike<unknown> {
  return Array.isArray(cell) || (ArrayBuffer.isView(cell) && !(cell instanceof DataView));
}

/** A cell as a preview shows it. */
export function shown(cell: Cell): string {
  if (typeof cell === "string") return cell;
  if (cell === null || cell === undefined) return "";
  if (cell instanceof Date) return isoOf(cell);
  if (isList(cell))
    return `[${Array.from(cell).slice(0, 20).map(shown).join(", ")}${cell.length > 20 ? ", …" : ""}]`;
  return typeof cell === "object" ? "{…}" : String(cell);
}

function isoOf(date: Date): string {
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}

/** A cell as text; nothing is an empty one. */
export function textOf(cell: Cell, column: string, place: () => string): string {
  if (typeof cell === "string") return cell;
  if (cell === null || cell === undefined) return "";
  if (cell instanceof Date) return isoOf(cell);
  if (typeof cell === "object") {
    throw new EngineError(
      "data-mismatch",
      `Column "${column}" holds lists or objects where text is needed`,
      place(),
    );
  }
  return String(cell);
}

/** True for cells that hold no value: nothing, not a number, or one of the usual marks. */
export function isMissing(cell: Cell): boolean {
  if (typeof cell === "string") return missingMarks.has(cell.trim().toLowerCase());
  return cell === null || cell === undefined || (typeof cell === "number" && Number.isNaN(cell));
}

/** A finite number as every format gives it; true is 1, and a whole number must be exact in 64-bit floats. */
export function plainNumber(cell: Cell): number | undefined {
  if (typeof cell === "string") return parseNumber(cell);
  if (typeof cell === "number") return Number.isFinite(cell) ? cell : undefined;
  if (typeof cell === "boolean") return cell ? 1 : 0;
  if (typeof cell === "bigint") return BigInt(Number(cell)) === cell ? Number(cell) : undefined;
  return undefined;
}
