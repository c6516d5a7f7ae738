import { expect, it } from "vitest";
import type { RunComparison } from "#contracts/run.ts";
import { isPaired, mostDifferent } from "./types.ts";

type Moved = Pick<NonNullable<RunComparison["runs"][number]["comparison"]>, "gained" | "lost">;
const run = (id: string, comparison: Moved | null) => ({ id, comparison });

it("looks first at the run that answers most unlike the reference", () => {
  const runs = [
    run("a", { gained: 0, lost: 0 }),
    run("b", { gained: 3, lost: 9 }),
    run("c", { gained: 12, lost: 0 }),
  ];
  expect(mostDifferent(runs)?.id).toBe("b");
  expect(mostDifferent([run("a", null), run("b", { gained: 0, lost: 0 })])?.id).toBe("a");
  expect(mostDifferent([])).toBeUndefined();
});

it("pairs a run with its own baseline only", () => {
  expect(isPaired({ baselineRunId: "a" }, { id: "a" })).toBe(true);
  expect(isPaired({ baselineRunId: "a" }, { id: "b" })).toBe(false);
  expect(isPaired({ baselineRunId: null }, { id: "b" })).toBe(false);
});
