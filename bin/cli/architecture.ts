import { z } from "zod";
import { type Architecture, architectureSchema } from "#engine/train/catalogue/architecture.schema.ts";
import { UsageError } from "./usage.ts";

interface Option {
  readonly name: string;
  readonly isRequired: boolean;
  readonly isList: boolean;
}

/** The options of each architecture, read from its schema. */
const optionsOf = new Map<string, readonly Option[]>(
  architectureSchema.options.map(({ shape: { kind, ...rest } }) => [
    kind.value,
    Object.entries(rest).map(([name, schema]) => {
      const inner = schema instanceof z.ZodDefault ? schema.unwrap() : schema;
      const isList = inner instanceof z.ZodArray || inner instanceof z.ZodTuple;
      return { name, isRequired: inner === schema, isList };
    }),
  ]),
);

/** Names of the architectures that can be built. */
export const kinds: readonly string[] = [...optionsOf.keys()];

/** The options of all architectures, for `parseArgs`. */
export function architectureOptions(): Record<string, { type: "string" }> {
  const names = [...optionsOf.values()].flatMap((options) => options.map(({ name }) => name));
  return Object.fromEntries(names.map((name) => [name, { type: "string" }]));
}

/** What each architecture takes, one line each: `mlp  --input N,… [--hidden N,…] --outputs N`. */
export function architectureHelp(): string[] {
  const width = Math.max(...kinds.map((kind) => kind.length));
  return [...optionsOf].map(([kind, options]) => {
    const texts = options.map(({ name, isRequired, isList }) => {
      const text = `--${name} ${isList ? "N,…" : "N"}`;
      return isRequired ? text : `[${text}]`;
    });
    return `${kind.padEnd(width)}  ${texts.join(" ")}`;
  });
}

/**
 * An architecture from what a file says, if there is one, and from options, which go before it.
 *
 * @throws UsageError that names the option
 */
export function specOf(
  content: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, unknown>>,
): Architecture {
  const { kind } = content;
  const known = typeof kind === "string" ? optionsOf.get(kind) : undefined;
  if (typeof kind !== "string" || known === undefined)
    throw new UsageError(`"kind" must be one of ${kinds.join(", ")}`);
  const given: Record<string, unknown> = { ...content };
  for (const [name, text] of Object.entries(options)) {
    if (typeof text !== "string") continue;
    const option = known.find((one) => one.name === name);
    if (option === undefined) throw new UsageError(`${kind} has no option --${name}`);
    given[name] = numberOf(option, text);
  }
  const missing = known.find(({ name, isRequired }) => isRequired && given[name] === undefined);
  if (missing !== undefined) throw new UsageError(`${kind} needs --${missing.name}`);
  const parsed = architectureSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`${issue?.path.join(".") || kind}: ${issue?.message ?? "it does not fit"}`);
}

function numberOf({ name, isList }: Option, text: string): number | number[] {
  const numbers = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const [first = Number.NaN] = numbers;
  if (!numbers.every(Number.isFinite) || (!isList && numbers.length > 1))
    throw new UsageError(`--${name} takes ${isList ? "numbers with commas between them" : "one number"}`);
  return isList ? numbers : first;
}
