import { parse } from "csv-parse/sync";
import type { LookedAtColumn, LookedAtFile } from "#contracts/dataset.ts";
import {
  detectDelimiter,
  looksLikeHeader,
  parseNumber,
} from "#engine/evaluate/dataset/formats/csv-dialect.ts";
import { looksLikeIdx } from "#engine/evaluate/dataset/formats/idx.ts";
import { recognise } from "#engine/evaluate/dataset/formats/recognise.ts";
import type { FileHead } from "./head.ts";
import { lookAtNpy, lookAtZip, rateOf } from "./look-binary.ts";

const rowsLookedAt = 200;
const maxColumns = 4_096;
const maxExamples = 5;
const exampleLength = 80;

const idxTypes: Record<number, string> = {
  8: "uint8",
  9: "int8",
  11: "int16",
  12: "int32",
  13: "float32",
  14: "float64",
};

/** What kind of file it is and which columns it has, as far as its beginning shows. */
export function look(head: FileHead): LookedAtFile {
  const { name, bytes } = head;
  const binary = lookAtBinary(name, bytes);
  if (binary !== undefined) return binary;
  const text = textOf(head);
  if (text === undefined) return { name, kind: "unknown" };
  const objects = lookAtJsonLines(name, text);
  if (objects !== undefined) return objects;
  const quoted = lookAtText(name, text, true);
  // A stray quotation mark in prose can hide every delimiter that follows it.
  if (quoted?.kind === "csv" || !text.includes('"')) return quoted ?? { name, kind: "unknown" };
  return lookAtText(name, text, false) ?? quoted ?? { name, kind: "unknown" };
}

/** Formats that are told by their first bytes; undefined for text. */
function lookAtBinary(name: string, bytes: Uint8Array): LookedAtFile | undefined {
  if (looksLikeIdx(bytes)) return lookAtIdx(name, bytes);
  try {
    switch (recognise(bytes, name)) {
      case "npy":
        return lookAtNpy(name, bytes);
      case "zip":
        return lookAtZip(name, bytes);
      case "wav":
        return { name, kind: "wav", ...rateOf(bytes) };
      case "parquet":
        return { name, kind: "parquet" };
      default:
        return undefined;
    }
  } catch {
    return { name, kind: "unknown" };
  }
}

function lookAtText(name: string, text: string, quotes: boolean): LookedAtFile | undefined {
  const rows = rowsOf(text, quotes);
  return rows && lookAtRows(name, rows, quotes);
}

function lookAtIdx(name: string, bytes: Uint8Array): LookedAtFile {
  const rank = bytes[3] ?? 0;
  if (rank > 8 || bytes.length < 4 + 4 * rank) return { name, kind: "unknown" };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  return { name, kind: "idx", array: { dtype: idxTypes[bytes[2] ?? 0] ?? "uint8", shape } };
}

/** The complete lines of a UTF-8 text; undefined for anything else. */
function textOf({ bytes, isWhole }: FileHead): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: !isWhole });
    if (text.includes("\0")) return undefined;
    const lines = isWhole ? text : text.slice(0, text.lastIndexOf("\n") + 1);
    return lines.trim() === "" ? undefined : lines;
  } catch {
    return undefined;
  }
}

function rowsOf(text: string, quotes: boolean): string[][] | undefined {
  try {
    const rows: string[][] = parse(text, {
      delimiter: detectDelimiter(text, quotes),
      quote: quotes ? '"' : null,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_quotes: true,
      relax_column_count: false,
      skip_empty_lines: true,
      to: rowsLookedAt,
    });
    return rows.length === 0 || (rows[0]?.length ?? 0) > maxColumns ? undefined : rows;
  } catch {
    return undefined;
  }
}

function lookAtRows(name: string, rows: readonly string[][], quotes: boolean): LookedAtFile {
  const [first = []] = rows;
  if (first.length < 2) return { name, kind: "lines" };
  const hasHeader = looksLikeHeader(first) && rows.length > 1;
  const body = hasHeader ? rows.slice(1) : rows;
  const columns = first.map((cell, index) =>
    lookAtColumn(
      hasHeader ? cell : String(index),
      body.map((row) => row[index] ?? ""),
    ),
  );
  return { name, kind: "csv", hasHeader, quotes, columns };
}

/** The keys of the first lines, where each is an object. */
function lookAtJsonLines(name: string, text: string): LookedAtFile | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  const records: Map<string, unknown>[] = [];
  for (const line of text.split("\n").slice(0, rowsLookedAt)) {
    if (line.trim() === "") continue;
    try {
      const value: unknown = JSON.parse(line);
      if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
      records.push(new Map(Object.entries(value)));
    } catch {
      return undefined;
    }
  }
  const keys = [...new Set(records.flatMap((record) => [...record.keys()]))];
  if (keys.length === 0 || keys.length > maxColumns) return undefined;
  const columns = keys.map((key) =>
    lookAtColumn(
      key,
      records.map((record) => cellOf(record.get(key))),
    ),
  );
  return { name, kind: "json-lines", hasHeader: true, quotes: true, columns };
}

function cellOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "1" : "0";
  return value === undefined || value === null ? "" : JSON.stringify(value);
}

function lookAtColumn(name: string, cells: readonly string[]): LookedAtColumn {
  const numbers = cells.map(parseNumber);
  const isNumber = numbers.every((value) => value !== undefined);
  const type = !isNumber ? "text" : numbers.every((value) => Number.isInteger(value)) ? "integer" : "number";
  const distinct = [...new Set(cells)];
  const examples = distinct.slice(0, maxExamples).map((cell) => cell.slice(0, exampleLength).toWellFormed());
  return { name, type, distinct: distinct.length, examples };
}
