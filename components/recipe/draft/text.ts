import { isMap, isNode, isPair, LineCounter, parseDocument, stringify } from "yaml";
import { syntaxKey } from "#components/ui/yaml-syntax.ts";
import { maxRecipeLength } from "#contracts/recipe.ts";
import { contentOf, type Draft, draftOf } from "./draft.ts";
import { type Fault, fieldName, recipeFaults } from "./fault.ts";

/** What is wrong with a text: where, and in whose words. */
export interface TextFault extends Omit<Fault, "path"> {
  /** Counted from 1; undefined where the text as a whole is meant. */
  readonly line: number | undefined;
  /** Such as `steps[0].sparsity`; empty for the text as a whole. */
  readonly field: string;
}

export interface ReadText {
  /** What the form can show of it; undefined where it cannot. */
  readonly draft: Draft | undefined;
  readonly faults: readonly TextFault[];
}

/** The file of a draft: YAML, without what equals a default. */
export function textOf(draft: Draft): string {
  return stringify(contentOf(draft), { lineWidth: 0, aliasDuplicateObjects: false });
}

type Document = ReturnType<typeof parseDocument>;

/** The line of a place in the text: of its key where it has one, else of the closest place around it that exists. */
function lineOf(document: Document, lines: LineCounter, path: Fault["path"]): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const offset = offsetOf(document, path.slice(0, length));
    if (offset !== undefined) return lines.linePos(offset).line;
  }
  return undefined;
}

function offsetOf(document: Document, path: Fault["path"]): number | undefined {
  const key = path.at(-1);
  const parent = path.length <= 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (key !== undefined && isMap(parent)) {
    const pair = parent.items.find((item) => isPair(item) && String(item.key) === String(key));
    return isNode(pair?.key) ? pair.key.range?.[0] : undefined;
  }
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

const broken = (error: unknown, line?: number): ReadText => {
  const message = error instanceof Error ? error.message : String(error);
  return {
    draft: undefined,
    faults: [{ line, field: "", words: { key: "syntax", syntax: syntaxKey(error) }, message }],
  };
};

/**
 * Reads what a person wrote, by the rules of the engine's own `parseRecipe`: YAML 1.2 or JSON, bounded. `before` is
 * what the form shows now; steps that stay the same keep their place in it.
 */
export function readText(text: string, before?: Draft): ReadText {
  if (text.length > maxRecipeLength) {
    const words = { key: "long", max: maxRecipeLength } as const;
    return { draft: undefined, faults: [{ line: undefined, field: "", words, message: "" }] };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: "1.2",
    schema: "core",
    prettyErrors: true,
    lineCounter: lines,
  });
  const [error] = document.errors;
  if (error) return broken(error, error.linePos?.[0].line);
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    return broken(cause);
  }
  const draft = draftOf(content, before);
  const faults = recipeFaults(content)
    .map(
      ({ path, words, message }): TextFault => ({
        line: lineOf(document, lines, path),
        field: fieldName(path),
        words: path.length === 0 ? { key: "notMapping" } : words,
        message,
      }),
    )
    .sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
  return { draft, faults };
}
