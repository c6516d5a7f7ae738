import { z } from "zod";
import { type StepName, stepNames, stepSchema } from "#engine/passes/step.schema.ts";

export type Scalar = string | number | boolean | null;

export interface NumberBounds {
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** True where the bound itself does not fit. */
  readonly isMinOpen: boolean;
  readonly isMaxOpen: boolean;
  readonly isInteger: boolean;
}

interface FieldBase {
  /** Name of the option; empty for the value of a record or one way among several. */
  readonly key: string;
  /** Names that lead to it from the step, for words in the messages. */
  readonly path: readonly string[];
  /** What holds where the option is left out; undefined where the technique itself decides. */
  readonly fallback: unknown;
  readonly isRequired: boolean;
  /** True for an option that few need: a form shows it when it is asked for. */
  readonly isRare: boolean;
}

export interface Variant {
  readonly name: string;
  /** Without the option that names it. */
  readonly fields: readonly Field[];
}

/** An option of a step as a form shows it, read off the step's schema. */
export type Field = FieldBase &
  (
    | { readonly kind: "flag" }
    | { readonly kind: "text" }
    | ({ readonly kind: "number" } & NumberBounds)
    | { readonly kind: "choice"; readonly options: readonly Scalar[] }
    /** Several of a few. */
    | { readonly kind: "choices"; readonly options: readonly Scalar[] }
    /** Any number of texts. */
    | { readonly kind: "list"; readonly of: "text" }
    /** Numbers whose order counts; `names` of each where there are just so many. */
    | { readonly kind: "numbers"; readonly names: readonly string[] }
    /** Values by names that people choose, or by the names in `keys`. */
    | { readonly kind: "record"; readonly of: Field; readonly keys: readonly string[] | undefined }
    | { readonly kind: "group"; readonly fields: readonly Field[] }
    /** One of several groups, which an option of each names. */
    | { readonly kind: "variant"; readonly by: string; readonly variants: readonly Variant[] }
    /** Any number of groups of the same options. */
    | { readonly kind: "entries"; readonly fields: readonly Field[] }
    /** A value of one kind or of another. */
    | { readonly kind: "either"; readonly ways: readonly Field[] }
    /** What no input was made for: written as YAML. */
    | { readonly kind: "other" }
  );
export type FieldOf<Kind extends Field["kind"]> = Extract<Field, { kind: Kind }>;

/** JSON Schema as zod writes it: the part that options use. */
type Schema = z.core.JSONSchema.BaseSchema;

const isSchema = (value: unknown): value is Schema => typeof value === "object" && value !== null;
const isScalar = (value: unknown): value is Scalar =>
  value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean";

/** The values that a schema lists, where it lists values: an enumeration, a constant, or several of those. */
function listed(schema: Schema): Scalar[] | undefined {
  if (schema.enum) return schema.enum.filter(isScalar);
  if (isScalar(schema.const)) return [schema.const];
  if (schema.type === "null") return [null];
  const ways = waysOf(schema)?.map(listed);
  return ways?.every((way) => way !== undefined) ? ways.flat() : undefined;
}

const waysOf = (schema: Schema): Schema[] | undefined => (schema.anyOf ?? schema.oneOf)?.filter(isSchema);

function boundsOf(schema: Schema): NumberBounds {
  const { minimum, maximum } = schema;
  const [above, below] = [schema.exclusiveMinimum, schema.exclusiveMaximum].map((bound) =>
    typeof bound === "number" ? bound : undefined,
  );
  const isMinOpen = above !== undefined && above >= (minimum ?? -Infinity);
  const isMaxOpen = below !== undefined && below <= (maximum ?? Infinity);
  // Whole numbers have the bounds of what a double counts exactly, which nobody asked for.
  const real = (bound: number | undefined) =>
    bound === undefined || Math.abs(bound) === Number.MAX_SAFE_INTEGER ? undefined : bound;
  return {
    min: real(isMinOpen ? above : minimum),
    max: real(isMaxOpen ? below : maximum),
    isMinOpen,
    isMaxOpen,
    isInteger: schema.type === "integer",
  };
}

const isNumeric = ({ type }: Schema) => type === "number" || type === "integer";

function fieldOf(schema: Schema, key: string, path: readonly string[], isRequired: boolean): Field {
  const base = { key, path, fallback: schema.default, isRequired, isRare: schema.isRare === true };
  const inner = (of: unknown) => fieldOf(isSchema(of) ? of : {}, "", path, true);
  const options = listed(schema);
  if (options) return { ...base, kind: "choice", options };
  const ways = waysOf(schema);
  const variants = ways && variantsOf(ways, path);
  if (variants) return { ...base, kind: "variant", ...variants };
  if (ways) return { ...base, kind: "either", ways: ways.map(inner) };
  switch (schema.type) {
    case "boolean":
      return { ...base, kind: "flag" };
    case "string":
      return { ...base, kind: "text" };
    case "number":
    case "integer":
      return { ...base, kind: "number", ...boundsOf(schema) };
    case "array": {
      const items = isSchema(schema.items) && !Array.isArray(schema.items) ? schema.items : {};
      const few = listed(items);
      if (few) return { ...base, kind: "choices", options: few };
      if (items.type === "string") return { ...base, kind: "list", of: "text" };
      const each = schema.prefixItems?.filter(isSchema) ?? [];
      if (each.length > 0 && each.every(isNumeric))
        return { ...base, kind: "numbers", names: each.map(({ title }) => title ?? "") };
      if (isNumeric(items)) return { ...base, kind: "numbers", names: [] };
      if (items.type === "object" && items.properties)
        return { ...base, kind: "entries", fields: fieldsIn(items, path) };
      return { ...base, kind: "other" };
    }
    case "object": {
      if (schema.properties) return { ...base, kind: "group", fields: fieldsIn(schema, path) };
      if (!isSchema(schema.additionalProperties)) return { ...base, kind: "other" };
      const names = isSchema(schema.propertyNames) ? listed(schema.propertyNames)?.map(String) : undefined;
      return { ...base, kind: "record", of: inner(schema.additionalProperties), keys: names };
    }
    default:
      return { ...base, kind: "other" };
  }
}

/** Groups of which each has an option of one value, a name of its own; undefined where they are something else. */
function variantsOf(
  ways: readonly Schema[],
  path: readonly string[],
): { readonly by: string; readonly variants: readonly Variant[] } | undefined {
  const nameOf = (way: Schema, key: string) => {
    const property = way.properties?.[key];
    return isSchema(property) && typeof property.const === "string" ? property.const : undefined;
  };
  const by = Object.keys(ways[0]?.properties ?? {}).find((key) => {
    const names = ways.map((way) => nameOf(way, key));
    return !names.includes(undefined) && new Set(names).size === ways.length;
  });
  if (by === undefined) return undefined;
  const variants = ways.map((way) => ({
    name: nameOf(way, by) ?? "",
    fields: fieldsIn(way, path).filter(({ key }) => key !== by),
  }));
  return { by, variants };
}

function fieldsIn(schema: Schema, path: readonly string[]): Field[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) =>
    isSchema(property) ? fieldOf(property, key, [...path, key], required.has(key)) : [],
  );
}

/** The options of an object's schema as form fields, in its order; the one that names its kind is left out. */
export function fieldsOfSchema(schema: z.ZodType, kindKey = "use"): readonly Field[] {
  const written = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return fieldsIn(written, []).filter(({ key }) => key !== kindKey);
}

const schemas = new Map(
  stepSchema.options.map((option): [string, z.ZodType] => [option.shape.use.value, option]),
);
const known = new Map<string, readonly Field[]>();

export function isStepName(use: string): use is StepName {
  return stepNames.some((name) => name === use);
}

/** The options of a technique; none for one that the engine does not have. */
export function fieldsOf(use: string): readonly Field[] {
  const schema = schemas.get(use);
  if (!schema) return [];
  const fields = known.get(use) ?? fieldsOfSchema(schema);
  known.set(use, fields);
  return fields;
}
