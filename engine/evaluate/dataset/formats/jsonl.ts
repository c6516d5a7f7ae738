import { EngineError } from "#engine/error.ts";
import type { Table } from "../columns.ts";
import { Collector, type Want } from "./collector.ts";
import { utf8Of } from "./text.ts";

/** The columns are all keys of so many first lines: later ones often leave out what is null. */
const linesForNames = 1000;
const maxLineBytes = 16 << 20;

/**
 * Reads JSON lines (jsonlines.org): one object in each line, whose keys are the columns. A key that a line lacks is a
 * missing cell; values are numbers, texts, true and false, null, or lists of numbers of equal shape.
 *
 * @throws EngineError "malformed" with the line that is no object, "data-mismatch" as for any table
 */
export function readJsonLines(bytes: Uint8Array, file: string, want: Want): Table {
  const utf8 = utf8Of(bytes, file);
  const names = new Set<string>();
  let looked = 0;
  for (const { content, line } of linesOf(utf8, file)) {
    if (looked++ >= linesForNames) break;
    for (const name of Object.keys(parseLine(content, line, file))) names.add(name);
  }
  if (names.size === 0) throw new EngineError("data-mismatch", "The file has no values", file);
  const columns = [...names];
  const collector = new Collector(columns, file, want);
  for (const { content, line } of linesOf(utf8, file)) {
    const record = parseLine(content, line, file);
    collector.add(
      columns.map((name) => (Object.hasOwn(record, name) ? record[name] : null)),
      () => `line ${line}`,
    );
  }
  return collector.table();
}

function* linesOf(utf8: Uint8Array, file: string): Generator<{ content: string; line: number }> {
  const decoder = new TextDecoder();
  for (let line = 1, start = 0; start < utf8.length; line++) {
    const found = utf8.indexOf(0x0a, start);
    const end = found < 0 ? utf8.length : found;
    if (end - start > maxLineBytes) {
      const message = `A line has at most ${maxLineBytes} bytes`;
      throw new EngineError("limit-exceeded", message, `${file}, line ${line}`);
    }
    const content = decoder.decode(utf8.subarray(start, end));
    if (content.trim() !== "") yield { content, line };
    start = end + 1;
  }
}

function parseLine(content: string, line: number, file: string): Record<string, unknown> {
  const place = `${file}, line ${line}`;
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : "broken";
    const help =
      line === 1 && /^\s*\{\s*$/.test(content) ? " (JSON lines have one whole object in each line)" : "";
    throw new EngineError("malformed", `The line is not JSON: ${message}${help}`, place, { cause });
  }
  if (!isRecord(value)) throw new EngineError("malformed", "The line is not a JSON object", place);
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
