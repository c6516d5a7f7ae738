import { expect, it } from "vitest";
import { insertAt, markdownLink } from "./insert.ts";

const caret = (selectionStart: number, selectionEnd = selectionStart) => ({ selectionStart, selectionEnd });

it.each([
  ["", "x", null, "x"],
  ["see", "x", null, "see x"],
  ["see  it", "x", caret(4), "see x it"],
  ["seeit", "x", caret(3), "see x it"],
  ["see that it", "x", caret(4, 8), "see x it"],
  ["short", "x", caret(90, 99), "short x"],
])("%j with %j at %j is %j", (text, inserted, at, result) =>
  expect(insertAt(text, inserted, at)).toBe(result),
);

it("escapes brackets in a link's words", () => expect(markdownLink("a [b]", "/c")).toBe("[a \\[b\\]](/c)"));
