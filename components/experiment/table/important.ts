import { groupOf } from "#contracts/metric.ts";
import { type ColumnSpec, parseSpec, specText } from "./column-spec.ts";

/** The two columns that a phone's card shows: what was lost, and what was gained for it. */
export function importantColumns(specs: readonly ColumnSpec[]): ReadonlySet<string> {
  const isQuality = (spec: ColumnSpec) => ["quality", "fidelity"].includes(groupOf(spec.metric));
  const lost = specs.find((spec) => isQuality(spec) && spec.kind === "change") ?? specs.find(isQuality);
  const rest = specs.filter((spec) => !isQuality(spec));
  const gained = rest.find((spec) => spec.kind === "ratio") ?? rest[0];
  const chosen = [lost, gained].filter((spec) => spec !== undefined);
  return new Set((chosen.length === 2 ? chosen : specs.slice(0, 2)).map(specText));
}

/** The same of the baseline, which has no change against itself: its values. */
export function valuesOf(important: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...important].map((id) => parseSpec(id)?.metric ?? id));
}
