import { describe, expect, it } from "vitest";
import { einsumLabels } from "./einsum.ts";

function spelled(equation: string, ...ranks: number[]): string {
  const { inputs, output } = einsumLabels(equation, ranks);
  return `${inputs.map((labels) => labels.join("")).join()}->${output.join("")}`;
}

describe("einsumLabels", () => {
  it("leaves an equation without an ellipsis as it is", () => {
    expect(spelled("ij, jk -> ik", 2, 2)).toBe("ij,jk->ik");
  });

  it("works out the output that is not written", () => {
    expect(spelled("ba", 2)).toBe("ba->ab");
    expect(spelled("i,i", 1, 1)).toBe("i,i->");
    expect(spelled("...i,...i", 2, 2)).toBe("ai,ai->a");
  });

  it("gives the axes of an ellipsis free letters, the same from the last axis on", () => {
    expect(spelled("...ij,...jk->...ik", 4, 3)).toBe("abij,bjk->abik");
    expect(spelled("a...b->b...a", 4)).toBe("acdb->bcda");
    expect(spelled("...->...", 0)).toBe("->");
  });
});
