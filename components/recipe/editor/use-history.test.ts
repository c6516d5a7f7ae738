import { expect, it } from "vitest";
import { reduce } from "./use-history.ts";

type State = Parameters<typeof reduce<string>>[0];
const start: State = { value: "", past: [], subject: undefined };
const set = (state: State, value: string, subject?: string) =>
  reduce(state, { kind: "set", next: () => value, subject });
const undo = (state: State) => reduce(state, { kind: "undo" });

it("undoes one change after the other", () => {
  const two = set(set(start, "a"), "b");
  expect(undo(two).value).toBe("a");
  expect(undo(undo(two)).value).toBe("");
  expect(undo(undo(undo(two))).value).toBe("");
});

it("undoes what was typed into one field as one", () => {
  const typed = set(set(set(set(start, "x"), "x1", "field"), "x12", "field"), "x12y", "other");
  expect(undo(typed).value).toBe("x12");
  expect(undo(undo(typed)).value).toBe("x");
});

it("begins anew after an undo, and forgets nothing by changing nothing", () => {
  const typed = set(set(start, "1", "field"), "12", "field");
  const again = set(undo(typed), "2", "field");
  expect(undo(again).value).toBe("");
  expect(set(typed, "12").past).toEqual(typed.past);
});
