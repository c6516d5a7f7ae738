import { describe, expect, it } from "vitest";
import { fromOf, tagsOf, unknownTags } from "./column-text.ts";

const columns = ["id", "a", "b", "c", "d", "y"];

describe("tagsOf", () => {
  it("joins neighbours", () => expect(tagsOf(["a", "b", "c", "y"], columns)).toEqual(["a..c", "y"]));
  it("leaves pairs and strangers alone", () =>
    expect(tagsOf(["a", "b", "zz"], columns)).toEqual(["a", "b", "zz"]));
  it("does not join backwards", () => expect(tagsOf(["c", "b", "a"], columns)).toEqual(["c", "b", "a"]));
  it("knows positions", () => expect(tagsOf([0, 1, 2, 3], ["0", "1", "2", "3"])).toEqual(["0..3"]));
  it("takes one name, and none", () => {
    expect(tagsOf("a", columns)).toEqual(["a"]);
    expect(tagsOf("", columns)).toEqual([]);
    expect(tagsOf(undefined, columns)).toEqual([]);
  });
});

it("writes one reference as itself, several as a list", () => {
  expect(fromOf(["a..c"])).toBe("a..c");
  expect(fromOf(["a", "b"])).toEqual(["a", "b"]);
});

it("finds what the files do not have", () => {
  expect(unknownTags(["a..c", "nope", "a..nope"], columns)).toEqual(["nope", "a..nope"]);
  expect(unknownTags(["anything"], [])).toEqual([]);
});
