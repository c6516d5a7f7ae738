import { type Document, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { EngineError } from "#engine/error.ts";
import { type Manifest, manifestSchema } from "./manifest.schema.ts";

/** A manifest is written by hand; this leaves room for long class lists. */
const maxCharacters = 1 << 20;

/**
 * Reads a dataset manifest, YAML or JSON (which YAML contains).
 *
 * @throws EngineError "malformed" whose message names every wrong field with line and column
 */
export function parseManifest(text: string): Manifest {
  if (text.length > maxCharacters) {
    throw new EngineError("limit-exceeded", `A manifest has at most ${maxCharacters} characters`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) {
    throw new EngineError(
      "malformed",
      `The manifest is not valid YAML or JSON: ${error.message}`,
      placeText(lines.linePos(error.pos[0])),
      { cause: error },
    );
  }
  const parsed = manifestSchema.safeParse(plainValue(document));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => explain(issue, document, lines));
  throw new EngineError("malformed", `The manifest is wrong: ${problems.join("; ")}`);
}

function plainValue(document: Document): unknown {
  try {
    // Aliases are bounded: nested ones could expand a small text into gigabytes.
    return document.toJS({ maxAliasCount: 50 });
  } catch (cause) {
    throw new EngineError("malformed", "The manifest repeats aliases too often", undefined, { cause });
  }
}

function explain(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): string {
  const place = placeOf(issue.path, document, lines);
  const name = issue.path.map((key, index) =>
    typeof key === "number" ? `[${key}]` : `${index > 0 ? "." : ""}${String(key)}`,
  );
  const field = name.length === 0 ? "the document" : `\`${name.join("")}\``;
  return `${field}${place === undefined ? "" : ` (${placeText(place)})`}: ${messageOf(issue)}`;
}

/** A union fails once per alternative; the message of the one that got furthest helps most. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== "invalid_union") return lowerFirst(issue.message);
  const texts = issue.errors.map((alternative) => alternative[0]?.message ?? "");
  return texts.length === 0 ? lowerFirst(issue.message) : texts.map(lowerFirst).join(", or ");
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

interface Place {
  readonly line: number;
  readonly col: number;
}

function placeText({ line, col }: Place): string {
  return `line ${line}, column ${col}`;
}

/**
 * Where the value of the field begins, or that of the nearest enclosing one that is in the text.
 */
function placeOf(path: readonly PropertyKey[], document: Document, lines: LineCounter): Place | undefined {
  for (let depth = path.length; depth >= 0; depth--) {
    const node: unknown = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    if (node instanceof Object && "range" in node && Array.isArray(node.range)) {
      const start: unknown = node.range[0];
      if (typeof start === "number") return lines.linePos(start);
    }
  }
  return undefined;
}
