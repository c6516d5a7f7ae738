import { type Step, stepSchema } from "#engine/passes/step.schema.ts";
import { type Field, fieldsOf } from "./step-form.ts";

/** Options of a step as they were entered: what is left out has its default. Nothing here is checked yet. */
export type Options = Readonly<Record<string, unknown>>;

/** A step while it is being written; its technique may be one that the engine does not have. */
export interface StepDraft {
  readonly use: string;
  readonly options: Options;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isEqual(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((value, index) => isEqual(value, other[index]));
  if (!isRecord(one) || !isRecord(other)) return false;
  const [mine, theirs] = [Object.keys(one), Object.keys(other)];
  return (
    mine.length === theirs.length &&
    mine.every((key) => Object.hasOwn(other, key) && isEqual(one[key], other[key]))
  );
}

/** A value without what equals a default inside it. */
function trimmed(field: Field | undefined, value: unknown): unknown {
  return field?.kind === "group" && isRecord(value) ? prune(field.fields, value) : value;
}

function prune(fields: readonly Field[], options: Options): Options {
  const order = [...fields.map(({ key }) => key), ...Object.keys(options)];
  const keys = [...new Set(order)].filter((key) => options[key] !== undefined);
  return Object.fromEntries(
    keys.flatMap((key) => {
      const field = fields.find((one) => one.key === key);
      const value = trimmed(field, options[key]);
      const isDefault = field?.fallback !== undefined && isEqual(value, trimmed(field, field.fallback));
      return isDefault ? [] : [[key, value]];
    }),
  );
}

/** The options that differ from their defaults, in the order of the schema. */
export function withoutDefaults({ use, options }: StepDraft): Options {
  return prune(fieldsOf(use), options);
}

/** A step with every default that its schema states, checked or not. */
export function withDefaults({ use, options }: StepDraft): Options & { readonly use: string } {
  const defaults = fieldsOf(use).flatMap(({ key, fallback }) =>
    fallback === undefined ? [] : [[key, fallback]],
  );
  return { ...Object.fromEntries(defaults), ...options, use };
}

/** A step that was checked, as a draft of it: only what differs from the defaults. */
export function draftOfStep(step: Step): StepDraft {
  const { use, ...options } = step;
  return { use, options: withoutDefaults({ use, options }) };
}

/** The step that a draft stands for; undefined where its schema refuses it. */
export function stepOf({ use, options }: StepDraft): Step | undefined {
  return stepSchema.safeParse({ ...options, use }).data;
}

export function valueAt(options: unknown, path: readonly string[]): unknown {
  return path.reduce((value, key) => (isRecord(value) ? value[key] : undefined), options);
}

/** Options with one value set, or left out where it is undefined; groups on the way are made. */
export function withValue(options: Options, path: readonly string[], value: unknown): Options {
  const [key, ...rest] = path;
  if (key === undefined) return options;
  const inside = options[key];
  const next = rest.length === 0 ? value : withValue(isRecord(inside) ? inside : {}, rest, value);
  const { [key]: _, ...others } = options;
  return next === undefined ? others : { ...options, [key]: next };
}
