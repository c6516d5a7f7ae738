import { expect, it } from "vitest";
import { numberOf } from "./number-of.ts";

it.each([
  ["", undefined],
  [" 12 ", 12],
  ["−0.5", -0.5],
  ["1e-6", 1e-6],
  ["0,5", 0.5],
  ["12,25", 12.25],
  // As the form writes its own bounds: "128 to 8,192".
  ["8,192", 8192],
  ["1,000,000", 1_000_000],
  ["-1,024.5", -1024.5],
  // A decimal comma before three digits, because no thousands begin with a zero.
  ["0,125", 0.125],
  ["1,00,0", "1,00,0"],
  ["7x", "7x"],
])("%j means %j", (text, meaning) => {
  expect(numberOf(text)).toBe(meaning);
});
