import { expect, it } from "vitest";
import { draftKey, dropDraft, keepDraft, readDraft } from "./draft.ts";

class Store {
  readonly kept = new Map<string, string>();
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => {
    if (value.length > 200) throw new DOMException("full", "QuotaExceededError");
    this.kept.set(key, value);
  };
  removeItem = (key: string) => void this.kept.delete(key);
}
const draft = { title: "T", body: "text", baseRevision: 3, at: 1 };

it("gives back what was kept, to the same person only", () => {
  const store = new Store();
  expect(keepDraft(store, draftKey("ada", "n1"), draft)).toBe(true);
  expect(readDraft(store, draftKey("ada", "n1"))).toEqual(draft);
  expect(readDraft(store, draftKey("bob", "n1"))).toBeUndefined();
  dropDraft(store, draftKey("ada", "n1"));
  expect(readDraft(store, draftKey("ada", "n1"))).toBeUndefined();
});

it("says when there is no space", () =>
  expect(keepDraft(new Store(), "k", { ...draft, body: "x".repeat(300) })).toBe(false));

it.each(["{", "null", '{"title":1}', "[]"])("reads nothing from %s", (text) =>
  expect(readDraft({ getItem: () => text }, "k")).toBeUndefined(),
);
