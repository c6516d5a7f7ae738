/** Candidates in order of preference where several fit equally; the last is that of MovieLens' ratings. */
const delimiters = [",", "\t", ";", "|", "::"];
/** Enough lines to tell a delimiter from punctuation inside text. */
const sampleLines = 20;

/**
 * The delimiter that splits every one of the first lines into the same number of fields, the one with most fields
 * where several do; where none does, the one that occurs most often in the first line. Quoted parts are skipped
 * unless `quotes` is false.
 */
export function detectDelimiter(text: string, quotes: boolean): string {
  const lines = firstLines(text, quotes);
  let best = { delimiter: ",", consistent: false, count: 0 };
  for (const delimiter of delimiters) {
    const counts = lines.map((line) => countOutsideQuotes(line, delimiter, quotes));
    const count = counts[0] ?? 0;
    const consistent = count > 0 && counts.every((other) => other === count);
    const better = consistent === best.consistent ? count > best.count : consistent;
    if (better) best = { delimiter, consistent, count };
  }
  return best.delimiter;
}

/** The first complete lines; a quoted line break does not end one. */
function firstLines(text: string, quotes: boolean): string[] {
  const sample = text.slice(0, 1 << 18);
  const lines: string[] = [];
  let start = 0;
  let quoted = false;
  for (let index = 0; index < sample.length && lines.length < sampleLines; index++) {
    const character = sample[index];
    if (quotes && character === '"') quoted = !quoted;
    if (character !== "\n" || quoted) continue;
    if (index > start) lines.push(sample.slice(start, index));
    start = index + 1;
  }
  if (lines.length < sampleLines && start < sample.length && sample.length === text.length) {
    lines.push(sample.slice(start));
  }
  return lines.length > 0 ? lines : [sample];
}

function countOutsideQuotes(line: string, delimiter: string, quotes: boolean): number {
  let count = 0;
  let quoted = false;
  for (let index = 0; index < line.length; index++) {
    if (quotes && line[index] === '"') quoted = !quoted;
    else if (!quoted && line.startsWith(delimiter, index)) {
      count++;
      index += delimiter.length - 1;
    }
  }
  return count;
}

/** A header never contains a number: the first row is one unless some cell of it is. */
export function looksLikeHeader(cells: readonly string[]): boolean {
  return !cells.some((cell) => parseNumber(cell) !== undefined);
}

/** A finite decimal number as spreadsheets and programs write it, or undefined. Spaces around it are allowed. */
export function parseNumber(cell: string): number | undefined {
  const text = cell.trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
