/** One CSV file (RFC 4180 quoting, line feeds) with a header row, as UTF-8. */
export function encodeCsv(
  header: readonly string[],
  rows: Iterable<readonly (string | number)[]>,
): Uint8Array {
  const lines = [header.join(",")];
  for (const row of rows) lines.push(row.map(cell).join(","));
  return new TextEncoder().encode(`${lines.join("\n")}\n`);
}

function cell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
