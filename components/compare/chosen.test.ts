import { describe, expect, it } from "vitest";
import { chosenRuns, most } from "./chosen.ts";

const id = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;

describe("chosenRuns", () => {
  it("keeps the order and drops what is twice, malformed or left out", () => {
    const chosen = chosenRuns([id(2), "nonsense", id(1), id(2), id(3)], [id(3)]);
    expect(chosen).toEqual({ ids: [id(2), id(1)], malformed: 1, beyond: 0 });
  });
  it("keeps as many as can be compared, and counts the rest", () => {
    const asked = Array.from({ length: most + 2 }, (_, index) => id(index));
    expect(chosenRuns(asked)).toEqual({ ids: asked.slice(0, most), malformed: 0, beyond: 2 });
  });
});
