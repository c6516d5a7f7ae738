import { expect, it } from "vitest";
import { storable } from "./storable.ts";

it("keeps what JSON has", () => {
  const value = { a: 1, b: "x", c: [true, null, { d: -0.5 }], e: {} };
  expect(storable(value)).toEqual(value);
});

it("replaces what jsonb refuses, in values and keys", () => {
  expect(storable({ "a\0b": "c\0d", list: ["\ud800x"] })).toEqual({
    "a\uFFFDb": "c\uFFFDd",
    list: ["\uFFFDx"],
  });
});

it("leaves out what JSON does not have", () => {
  expect(storable({ a: undefined, b: Number.NaN, c: () => 1 })).toEqual({ b: null });
});

it("takes a member called __proto__ for a member", () => {
  const made = storable(JSON.parse('{"__proto__": {"polluted": 1}}'));
  expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
  expect(JSON.stringify(made)).toBe('{"__proto__":{"polluted":1}}');
});
