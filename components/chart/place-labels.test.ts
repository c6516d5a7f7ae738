import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Box, overlaps, placeLabels, textWidth } from "./place-labels.ts";

const area: Box = { x: 0, y: 0, width: 600, height: 300 };
const fontSize = 12;
const request = fc.record({
  id: fc.uuid(),
  text: fc.constantFrom("int8-dynamic", "prune-magnitude 90%", "float16", "基线", "a"),
  x: fc.integer({ min: 0, max: 600 }),
  y: fc.integer({ min: 0, max: 300 }),
});
const obstacle = fc.record({
  x: fc.integer({ min: 0, max: 580 }),
  y: fc.integer({ min: 0, max: 280 }),
  width: fc.integer({ min: 1, max: 60 }),
  height: fc.integer({ min: 1, max: 60 }),
});

describe("placeLabels", () => {
  it("never covers another label, an obstacle or the edge", () => {
    fc.assert(
      fc.property(
        fc.array(request, { maxLength: 20 }),
        fc.array(obstacle, { maxLength: 20 }),
        (requests, obstacles) => {
          const boxes = placeLabels(requests, { area, obstacles, fontSize }).map(
            ({ left, middle, text }) => ({
              x: left,
              y: middle - (fontSize * 1.25) / 2,
              width: textWidth(text, fontSize),
              height: fontSize * 1.25,
            }),
          );
          boxes.forEach((box, index) => {
            expect(boxes.slice(index + 1).some((other) => overlaps(box, other))).toBe(false);
            expect(obstacles.some((other) => overlaps(box, other))).toBe(false);
            expect(box.x >= 0 && box.x + box.width <= area.width && box.y >= 0).toBe(true);
          });
        },
      ),
    );
  });

  it("puts a lone label right above its mark", () => {
    const [label] = placeLabels([{ id: "a", text: "int8", x: 100, y: 100 }], {
      area,
      obstacles: [],
      fontSize,
    });
    expect(label?.left).toBeGreaterThan(100);
    expect(label?.middle).toBeLessThan(100);
  });

  it("gives the place to the important first", () => {
    const crowd = Array.from({ length: 40 }, (_, index) => ({
      id: String(index),
      text: "prune-magnitude",
      x: 300,
      y: 150,
    }));
    const placed = placeLabels(crowd, { area, obstacles: [], fontSize });
    expect(placed.length).toBeLessThan(40);
    expect(placed[0]?.id).toBe("0");
  });
});
