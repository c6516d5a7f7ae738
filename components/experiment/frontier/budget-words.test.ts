import { expect, it } from "vitest";
import { placeWords } from "./budget-words.ts";

const area = { x: 60, y: 10, width: 700, height: 250 };
const place = (obstacles: { x: number; y: number; width: number; height: number }[], y = 100) =>
  placeWords("budget −1 point", y, { area, obstacles, fontSize: 12 }).place;
const above = { y: 80, height: 20 };

it("stands at the line's right end, above it", () =>
  expect(place([])).toEqual({ along: "end", side: "above" }));

it("gives way to a mark", () => {
  expect(place([{ x: 700, width: 12, ...above }])).toEqual({ along: "start", side: "above" });
  expect(place([{ x: 60, width: 700, ...above }])).toEqual({ along: "end", side: "below" });
});

it("stays in the picture", () =>
  expect(place([{ x: 60, width: 700, y: 235, height: 20 }], 255).side).toBe("above"));
