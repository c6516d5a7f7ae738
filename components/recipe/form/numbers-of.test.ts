import { expect, it } from "vitest";
import { numbersOf, numbersText } from "./numbers-of.ts";

it.each([
  ["300, 100", [300, 100]],
  ["64 64", [64, 64]],
  ["1 × 28 × 28", [1, 28, 28]],
  ["3x32x32", [3, 32, 32]],
  ["3，4、5", [3, 4, 5]],
  ["", []],
  ["12, wide", [12, "wide"]],
])("%j are %j", (text, numbers) => {
  expect(numbersOf(text)).toEqual(numbers);
});

it("are written as they are read", () => {
  expect(numbersText([300, 100, 100])).toBe("300, 100, 100");
  expect(numbersOf(numbersText([1, 28, 28]))).toEqual([1, 28, 28]);
  expect(numbersText(undefined)).toBe("");
});
