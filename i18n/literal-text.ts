import ts from "typescript";

/** Attributes whose text a person reads or hears. */
const spoken = new Set([
  "action",
  "alt",
  "aria-description",
  "aria-label",
  "aria-roledescription",
  "description",
  "error",
  "header",
  "hint",
  "label",
  "nothingFound",
  "placeholder",
  "text",
  "title",
]);

/** Names that are the same in every language. */
const names = /\b(ONNX|SHA-256|CSV|IDX|JSON|YAML)\b/g;

const hasWords = (text: string) => /\p{L}{2,}/u.test(text.replace(names, ""));

/** Texts that stand in the markup instead of in messages/, as `file:line text`. */
export function literalTexts(path: string, source: string): string[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const report = (node: ts.Node, text: string) => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
    found.push(`${path}:${line + 1} ${text.trim()}`);
  };
  const visit = (node: ts.Node) => {
    if (ts.isJsxText(node) && hasWords(node.text)) report(node, node.text);
    if (ts.isJsxAttribute(node) && spoken.has(node.name.getText(file))) {
      const value = node.initializer;
      const inner = value && ts.isJsxExpression(value) ? value.expression : value;
      if (inner && ts.isStringLiteralLike(inner) && hasWords(inner.text)) report(node, inner.text);
      if (inner && ts.isTemplateExpression(inner)) {
        const fixed = [inner.head, ...inner.templateSpans.map((span) => span.literal)]
          .map((part) => part.text)
          .join(" ");
        if (hasWords(fixed)) report(node, fixed);
      }
    }
    if (ts.isJsxExpression(node) && node.expression && ts.isStringLiteralLike(node.expression)) {
      if (ts.isJsxElement(node.parent) && hasWords(node.expression.text)) report(node, node.expression.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
