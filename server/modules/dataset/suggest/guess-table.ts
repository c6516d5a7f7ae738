import type { LookedAtColumn, LookedAtFile } from "#contracts/dataset.ts";
import { cut } from "./guess-arrays.ts";
import { splitOf } from "./split-of.ts";

/** Names that a label usually has, the surest first. */
const labelNames = [
  "label",
  "target",
  "class",
  "y",
  "species",
  "category",
  "sentiment",
  "rating",
  "score",
  "cnt",
  "price",
];
/** More distinct whole numbers than this in the first rows speak for a quantity, not for classes. */
const maxClasses = 60;
const textLength = 64;

type Table = LookedAtFile & { readonly columns: readonly LookedAtColumn[] };

const bare = (name: string) => name.toLowerCase().replace(/[^a-z]/g, "");

/** A CSV file or several with the same columns: a label, and everything else that a model can take. */
export function guessTable(files: readonly LookedAtFile[]) {
  const tables = files.filter((file): file is Table => file.columns !== undefined);
  const [table] = tables;
  if (!table || !tables.every((other) => sameColumns(other, table))) return undefined;
  const splits = splitsOf(tables);
  if (!splits) return undefined;
  const refer = (column: LookedAtColumn) => (table.hasHeader ? column.name : table.columns.indexOf(column));
  const column = labelOf(table.columns);
  const rest = table.columns.filter((other) => other !== column && other !== splits.column);
  const user = rest.find((other) => /^user/.test(bare(other.name)));
  const item = rest.find((other) => /^(item|movie|product|book)/.test(bare(other.name)));
  const csv = { ...(!table.quotes && { quotes: false }), ...(!table.hasHeader && { header: false }) };
  const common = { splits: splits.splits, ...(Object.keys(csv).length > 0 && { csv }) };
  if (user && item && column.type !== "text") {
    return {
      ...common,
      task: "ranking" as const,
      inputs: [user, item].map((input, to) => ({ to, from: refer(input) })),
      label: { from: refer(column), group: refer(user) },
    };
  }
  const inputs = inputsOf(rest, files, refer);
  if (!inputs) return undefined;
  const isClass = column.type === "text" || (column.type === "integer" && column.distinct <= maxClasses);
  return {
    ...common,
    task: isClass ? ("classification" as const) : ("regression" as const),
    inputs,
    label: { from: refer(column) },
  };
}

function sameColumns(one: Table, other: Table): boolean {
  return (
    one.columns.length === other.columns.length &&
    one.columns.every(({ name }, at) => name === other.columns[at]?.name)
  );
}

/** By file name, by a column that names splits, or by cutting the only file. */
function splitsOf(tables: readonly Table[]): { splits: object; column?: LookedAtColumn } | undefined {
  const named = tables.map(({ name }) => [splitOf(name), name] as const);
  const [table, ...others] = tables;
  const isOneEach = new Set(named.map(([split]) => split)).size === named.length;
  if (isOneEach && named.every(([split]) => split !== undefined))
    return { splits: Object.fromEntries(named) };
  if (!table || others.length > 0) return undefined;
  const column = table.columns.find(
    ({ name, examples }) =>
      bare(name) === "split" && examples.every((example) => splitOf(example) !== undefined),
  );
  if (column) return { splits: { file: table.name, column: column.name }, column };
  return { splits: { file: table.name, ...cut } };
}

function labelOf(columns: readonly LookedAtColumn[]): LookedAtColumn {
  for (const name of labelNames) {
    const found = columns.find((column) => bare(column.name) === name);
    if (found) return found;
  }
  return columns[columns.length - 1]!;
}

function inputsOf(
  columns: readonly LookedAtColumn[],
  files: readonly LookedAtFile[],
  refer: (column: LookedAtColumn) => string | number,
) {
  const numbers = columns.filter((column) => column.type !== "text" && !isCounter(column));
  if (numbers.length > 0) return [{ to: 0, from: numbers.map(refer) }];
  const prose = columns.find((column) => column.examples.some((example) => example.includes(" ")));
  const vocabulary = files.find((file) => file.kind === "lines" && /voc/i.test(file.name));
  if (!prose || !vocabulary) return undefined;
  return [
    { to: 0, from: refer(prose), encode: "words" as const, vocabulary: vocabulary.name, length: textLength },
  ];
}

/** A row number or key tells a model nothing that holds for other rows. */
function isCounter({ name, type }: LookedAtColumn): boolean {
  return type === "integer" && /^(id|index|instant|row|rowid|no|number)$/.test(bare(name));
}
