import { EngineError } from "#engine/error.ts";
import { missingColumn } from "./columns.ts";
import type { ColumnUse } from "./formats/collector.ts";
import type { ColumnReference, Manifest, ManifestInput } from "./manifest.schema.ts";

/** Name of the column that a reference means. */
export function resolveColumn(reference: ColumnReference, names: readonly string[], purpose: string): string {
  const name = typeof reference === "number" ? names[reference] : reference;
  if (name === undefined || !names.includes(name)) throw missingColumn(reference, names, purpose);
  return name;
}

/** Names of the columns of an input, in order; `a..b` is expanded to a range of the file's order. */
export function resolveColumns(
  from: ColumnReference | readonly ColumnReference[],
  names: readonly string[],
  purpose: string,
): string[] {
  const references = Array.isArray(from) ? from : [from];
  return references.flatMap((reference: ColumnReference) => {
    if (typeof reference !== "string" || names.includes(reference)) {
      return [resolveColumn(reference, names, purpose)];
    }
    const range = /^(.+)\.\.(.+)$/.exec(reference);
    if (range === null) throw missingColumn(reference, names, purpose);
    const first = names.indexOf(resolveColumn(range[1]!, names, purpose));
    const last = names.indexOf(resolveColumn(range[2]!, names, purpose));
    if (last < first) {
      throw new EngineError("data-mismatch", `The range "${reference}" runs backwards in the file${purpose}`);
    }
    return names.slice(first, last + 1);
  });
}

/** True where `from` is one column rather than a list or a range. */
export function isSingle(
  from: ColumnReference | readonly ColumnReference[],
  names: readonly string[],
): boolean {
  return !Array.isArray(from) && resolveColumns(from, names, "").length === 1;
}

/**
 * Which columns a manifest reads, and how. A column that serves as a number anywhere is read as numbers: labels,
 * groups and splits can be told apart by number just as well.
 *
 * @throws EngineError "data-mismatch" that lists the columns that exist
 */
export function usedColumns(manifest: Manifest, names: readonly string[]): Map<string, ColumnUse> {
  const uses = new Map<string, ColumnUse>();
  const use = (name: string, as: ColumnUse) => {
    const before = uses.get(name);
    // A column that must have numbers in one place must have them in all.
    if (before === undefined || (before === "text" && as !== "text") || as === "number") uses.set(name, as);
  };
  for (const input of manifest.inputs) {
    const named = input.encode === "one-hot" && (input.vocabulary ?? input.classes) !== undefined;
    const encodesText = input.encode === "words" || input.encode === "index" || input.encode === "hash";
    const isText = input.dtype === "string" || named || encodesText;
    const purpose = ` for the input ${JSON.stringify(input.to)}`;
    for (const name of resolveColumns(input.from, names, purpose))
      use(name, isText ? "text" : numberUse(input));
  }
  const { label, splits } = manifest;
  if (label !== undefined) {
    const name = resolveColumn(label.from, names, " for the label");
    const number = label.missing === "drop" ? "nullable" : "number";
    use(name, manifest.task === "classification" ? "text" : number);
    if (manifest.task === "ranking") use(groupColumn(manifest, names), "text");
  }
  if (splits.column !== undefined) use(resolveColumn(splits.column, names, " for the splits"), "text");
  return uses;
}

function numberUse({ encode, length, pad, missing }: ManifestInput): ColumnUse {
  if (encode === undefined && length !== undefined) return { length, pad: pad ?? 0 };
  return missing === undefined ? "number" : "nullable";
}

/** The column whose equal values form one list of a ranking. */
export function groupColumn(manifest: Manifest, names: readonly string[]): string {
  const group = manifest.label?.group;
  if (group !== undefined) return resolveColumn(group, names, " for the group");
  return resolveColumns(manifest.inputs[0]!.from, names, " for the group")[0]!;
}
