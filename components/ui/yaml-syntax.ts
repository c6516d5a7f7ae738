import { type ErrorCode, YAMLError } from "yaml";

/** Sentences for what makes a text unreadable as YAML; keys of the messages (`common.yaml.…`). */
export type SyntaxKey =
  | "indent"
  | "tab"
  | "unclosed"
  | "twice"
  | "colon"
  | "quote"
  | "escape"
  | "documents"
  | "references"
  | "unexpected";

const keys: Partial<Readonly<Record<ErrorCode, SyntaxKey>>> = {
  TAB_AS_INDENT: "tab",
  MISSING_CHAR: "unclosed",
  DUPLICATE_KEY: "twice",
  BLOCK_AS_IMPLICIT_KEY: "colon",
  MULTILINE_IMPLICIT_KEY: "colon",
  BLOCK_IN_FLOW: "colon",
  BAD_SCALAR_START: "quote",
  BAD_DQ_ESCAPE: "escape",
  MULTIPLE_DOCS: "documents",
  BAD_ALIAS: "references",
};

/** Which sentence says what the parser met; the parser throws something of its own for references. */
export function syntaxKey(error: unknown): SyntaxKey {
  if (!(error instanceof YAMLError)) return "references";
  // One code for what is set in too far or too little, and for a bracket that never closes.
  if (error.code === "BAD_INDENT") return / end with a /.test(error.message) ? "unclosed" : "indent";
  return keys[error.code] ?? "unexpected";
}
