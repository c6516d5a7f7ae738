import { expect, it } from "vitest";
import { safeNext } from "./session-ended.ts";

it.each([
  ["/o/a/p/b?x=1#y", "/o/a/p/b?x=1#y"],
  ["https://evil.example", "/o"],
  ["//evil.example", "/o"],
  ["/\\evil.example", "/o"],
  ["/\t/evil.example", "/o"],
  ["javascript:alert(1)", "/o"],
  ["", "/o"],
  [undefined, "/o"],
])("%s leads to %s", (asked, path) => expect(safeNext(asked)).toBe(path));
