import { visible } from "#engine/onnx/quote.ts";

export { shapeText } from "#engine/onnx/tensor.ts";

/** Exactly one JSON document on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

export function count(value: number): string {
  return value.toLocaleString("en-US");
}

export function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(fraction > 0 && fraction < 0.01 ? 3 : 1)} %`;
}

const units = ["bytes", "KiB", "MiB", "GiB"];

/** `1,536 bytes (1.5 KiB)`. */
export function byteSize(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return unit === 0 ? `${count(bytes)} bytes` : `${count(bytes)} bytes (${value.toFixed(1)} ${units[unit]})`;
}

/** Columns padded to their widest cell; cells may come from a file and are made safe for a terminal. */
export function table(rows: readonly (readonly string[])[], indent = ""): string {
  const safe = rows.map((row) => row.map(visible));
  const widths: number[] = [];
  for (const row of safe) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  return safe
    .map((row) =>
      `${indent}${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}

/** A titled table, nothing where it is empty. */
export function section(title: string, rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? "" : `${title}\n${table(rows, "  ")}`;
}
