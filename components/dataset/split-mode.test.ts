import { describe, expect, it } from "vitest";
import { modeOf, partsOf, splitsFor } from "./split-mode.ts";

const csv = { name: "all.csv", kind: "csv" } as const;
const idx = { name: "images.idx", kind: "idx" } as const;

it.each([
  [{}, "given"],
  [{ train: "a" }, "given"],
  [{ file: "a", column: "" }, "column"],
  [{ file: "a", seed: 3 }, "seed"],
  [{ file: "a" }, "seed"],
] as const)("%j is %s", (splits, mode) => expect(modeOf(splits)).toBe(mode));

it("knows the parts of IDX sources", () => {
  expect(partsOf({ train: { pixels: "a", digits: "b" } }, [idx])).toEqual(["pixels", "digits"]);
  expect(partsOf({}, [idx])).toEqual(["images", "labels"]);
  expect(partsOf({ train: "a.csv" }, [csv])).toEqual([]);
});

describe("splitsFor", () => {
  it("keeps file and amounts", () =>
    expect(splitsFor("seed", { train: "a.csv", test: "b.csv", tuning: 50 }, [csv])).toEqual({
      file: "a.csv",
      seed: 0,
      test: 0.2,
      calibration: 0.1,
      tuning: 50,
    }));

  it("drops what does not fit", () =>
    expect(splitsFor("given", { file: "a.csv", seed: 1, test: 0.2 }, [csv])).toEqual({ train: "a.csv" }));

  it("starts with the first file that holds data", () =>
    expect(splitsFor("column", {}, [{ name: "words.txt", kind: "lines" }, csv])).toMatchObject({
      file: "all.csv",
    }));
});
