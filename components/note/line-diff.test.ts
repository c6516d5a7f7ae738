import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineDiff } from "./line-diff.ts";

const short = (before: string, after: string) =>
  lineDiff(before, after).map(({ kind, text }) => `${{ same: " ", removed: "-", added: "+" }[kind]}${text}`);
const text = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 20 }).map((lines) => lines.join("\n"));

describe("lineDiff", () => {
  it("tells what came and what went", () =>
    expect(short("one\ntwo\nthree", "one\n2\nthree\nfour")).toEqual([
      " one",
      "-two",
      "+2",
      " three",
      "+four",
    ]));

  it("finds a moved line as removed and added", () =>
    expect(short("a\nb\nc", "b\nc\na")).toEqual(["-a", " b", " c", "+a"]));

  it("does not count the same line twice", () => expect(short("x\nx", "x")).toHaveLength(2));

  it("gives back both texts", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = lineDiff(before, after);
        const of = (kind: string) => lines.filter((line) => line.kind !== kind).map((line) => line.text);
        expect(of("added").join("\n")).toBe(before);
        expect(of("removed").join("\n")).toBe(after);
      }),
    );
  });

  it("shows no change between equal texts", () => {
    fc.assert(
      fc.property(text, (same) => {
        expect(lineDiff(same, same).every(({ kind }) => kind === "same")).toBe(true);
      }),
    );
  });

  it("answers at once for two long texts without anything in common", () => {
    const long = (mark: string) => Array.from({ length: 20_000 }, (_, line) => `${mark}${line}`).join("\n");
    expect(lineDiff(long("a"), long("b"))).toHaveLength(40_000);
  });
});
