import type { z } from "zod";
import type { SyntaxKey } from "#components/ui/yaml-syntax.ts";
import { recipeSchema } from "#engine/recipe.schema.ts";

/** Complaints of the steps' own rules, by their words there; a test holds the two together. */
export const ruleKeys = {
  "Give either sparsity or threshold, not both": "sparsityOrThreshold",
  "at most 100,000 weights": "manyWeights",
  'Give a threshold: only "std" has a default': "thresholdNeeded",
  'A threshold relative to "max" or "l2" is at most 1': "thresholdAtMostOne",
  "n must be smaller than m": "nBelowM",
  "Give both n and m, or neither": "bothNAndM",
  "end must be above begin": "endAboveBegin",
  "start_sparsity must not be above sparsity": "startAboveSparsity",
  "Give either sparsity or n and m, not both": "sparsityOrPattern",
  "Give either ratio or budget, not both": "ratioOrBudget",
  "Give only one of rank, energy and budget": "oneOfRank",
  "HQQ has zero points in float, which ONNX Runtime executes with 4 bits only": "hqqFourBits",
} as const;

type WrongType = "number" | "integer" | "text" | "flag" | "list" | "group";

/** A key of the messages (`recipe.fault.…`) and what its sentence names. */
export type FaultWords =
  | {
      readonly key:
        | "required"
        | "notInteger"
        | "invalid"
        | "noWay"
        | "nameMissing"
        | "noSteps"
        | "notMapping";
    }
  | { readonly key: "type"; readonly type: WrongType }
  | { readonly key: "syntax"; readonly syntax: SyntaxKey }
  | { readonly key: "small" | "notAbove"; readonly min: number }
  | { readonly key: "big" | "notBelow"; readonly max: number }
  | { readonly key: "fewItems" | "short"; readonly min: number }
  | { readonly key: "manyItems" | "long"; readonly max: number }
  | { readonly key: "multiple"; readonly of: number }
  | { readonly key: "oneOf"; readonly values: string }
  | { readonly key: "unknownOption" | "unknownTechnique"; readonly name: string }
  | { readonly key: (typeof ruleKeys)[keyof typeof ruleKeys] };

/** What is wrong with one place of a recipe. */
export interface Fault {
  readonly path: readonly (string | number)[];
  /** undefined where this version has no sentence for it: then `message` is shown, in English. */
  readonly words: FaultWords | undefined;
  readonly message: string;
}

const types: Readonly<Record<string, WrongType>> = {
  number: "number",
  int: "integer",
  string: "text",
  boolean: "flag",
  array: "list",
  object: "group",
  record: "group",
};

const isRule = (message: string): message is keyof typeof ruleKeys => Object.hasOwn(ruleKeys, message);

/** What stands at a path of anything; undefined where nothing does. */
export function at(content: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string | number, unknown>)[key]
        : undefined,
    content,
  );
}

type Issue = z.core.$ZodIssue;

function sizeWords(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): FaultWords | undefined {
  const inclusive = issue.inclusive !== false;
  if (issue.code === "too_small") {
    const min = Number(issue.minimum);
    if (issue.origin === "array" || issue.origin === "set") return { key: "fewItems", min };
    if (issue.origin === "string") return min <= 1 ? { key: "required" } : { key: "short", min };
    return { key: inclusive ? "small" : "notAbove", min };
  }
  const max = Number(issue.maximum);
  if (issue.origin === "array" || issue.origin === "set") return { key: "manyItems", max };
  if (issue.origin === "string") return { key: "long", max };
  return { key: inclusive ? "big" : "notBelow", max };
}

function wordsOf(issue: Issue, value: unknown): FaultWords | undefined {
  switch (issue.code) {
    case "too_small":
    case "too_big":
      return sizeWords(issue);
    case "invalid_type": {
      if (value === undefined) return { key: "required" };
      if (issue.expected === "int" && typeof value === "number") return { key: "notInteger" };
      const type = types[issue.expected];
      return type ? { key: "type", type } : { key: "invalid" };
    }
    case "invalid_value":
      return { key: "oneOf", values: issue.values.map(String).join(", ") };
    case "not_multiple_of":
      return { key: "multiple", of: Number(issue.divisor) };
    case "invalid_union":
      return unionWords(issue, value);
    case "custom":
      return isRule(issue.message) ? { key: ruleKeys[issue.message] } : undefined;
    default:
      return { key: "invalid" };
  }
}

function unionWords(issue: z.core.$ZodIssueInvalidUnion, value: unknown): FaultWords {
  if (issue.path.at(-1) === "use" && issue.errors.length === 0)
    return value === undefined ? { key: "required" } : { key: "unknownTechnique", name: String(value) };
  const inner = issue.errors.flat();
  const values = inner.flatMap((each) => (each.code === "invalid_value" ? each.values.map(String) : []));
  const isList = inner.every((each) => each.code === "invalid_value");
  return isList ? { key: "oneOf", values: values.join(", ") } : { key: "noWay" };
}

const pathOf = (path: readonly PropertyKey[]) => path.filter((key) => typeof key !== "symbol");

/** A schema's complaints about a content, one for each place. */
export function faultsOf(issues: readonly Issue[], content: unknown): Fault[] {
  return issues.flatMap((issue): Fault[] => {
    const path = pathOf(issue.path);
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((name) => ({
        path: [...path, name],
        words: { key: "unknownOption", name },
        message: issue.message,
      }));
    }
    return [{ path, words: wordsOf(issue, at(content, path)), message: issue.message }];
  });
}

/** Everything that is wrong with what is to be a recipe. */
export function recipeFaults(content: unknown): Fault[] {
  const parsed = recipeSchema.safeParse(content);
  return parsed.success ? [] : faultsOf(parsed.error.issues, content);
}

/** `["steps", 0, "sparsity"]` → `steps[0].sparsity`, as the engine's own messages name a field. */
export function fieldName(path: readonly (string | number)[]): string {
  const name = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("");
  return name.replace(/^\./, "");
}
