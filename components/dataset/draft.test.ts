import { describe, expect, it } from "vitest";
import { referenceOf, valueAt, withValue } from "./draft.ts";

const draft = { name: "x", inputs: [{ to: 0 }, { to: 1 }], splits: { train: "a.csv" } };

describe("withValue", () => {
  it("changes one place and shares the rest", () => {
    const after = withValue(draft, ["inputs", 1, "to"], "ids");
    expect(after).toEqual({ ...draft, inputs: [{ to: 0 }, { to: "ids" }] });
    expect(valueAt(after, ["splits"])).toBe(draft.splits);
    expect(draft.inputs[1]).toEqual({ to: 1 });
  });

  it("makes what is missing on the way", () =>
    expect(withValue({}, ["csv", "delimiter"], ";")).toEqual({ csv: { delimiter: ";" } }));

  it("removes", () => {
    expect(withValue(draft, ["splits", "train"], undefined)).toEqual({ ...draft, splits: {} });
    expect(withValue(draft, ["inputs", 0], undefined)).toEqual({ ...draft, inputs: [{ to: 1 }] });
  });
});

it.each([
  ["12", 12],
  [" 3 ", 3],
  ["0..3", "0..3"],
  ["age", "age"],
  ["", ""],
])("%j refers to %j", (text, value) => expect(referenceOf(text)).toBe(value));
