import { describe, expect, it } from "vitest";
import { endStates, hasEnded, runStates } from "#contracts/run.ts";
import { afterLoss, canTake, type Transition, transitions } from "./state.ts";

const names = Object.keys(transitions) as Transition[];

describe("the life of a run", () => {
  it("reaches every state from the queue", () => {
    const reached = new Set(["queued"]);
    for (let round = 0; round < runStates.length; round++) {
      for (const { from, to } of Object.values(transitions))
        if (from.some((state) => reached.has(state))) reached.add(to);
    }
    expect([...reached].sort()).toEqual([...runStates].sort());
  });

  it("never leaves success, nor what does not apply", () => {
    for (const name of names) {
      expect(canTake("succeeded", name)).toBe(false);
      expect(canTake("not_applicable", name)).toBe(false);
    }
  });

  it("ends only from running, but for a withdrawal from the queue", () => {
    for (const name of names.filter((each) => hasEnded(transitions[each].to))) {
      expect(transitions[name].from).toEqual([name === "withdraw" ? "queued" : "running"]);
    }
  });

  it("can be tried again by a person only after failure or cancellation", () => {
    expect(runStates.filter((state) => canTake(state, "retry")).sort()).toEqual(["cancelled", "failed"]);
  });

  it("is claimed by one worker only", () => {
    expect(runStates.filter((state) => canTake(state, "claim"))).toEqual(["queued"]);
    expect(endStates.some((state) => canTake(state, "claim"))).toBe(false);
  });
});

describe("a run whose worker fell silent", () => {
  it.each([
    [{ attempt: 1, maxAttempts: 3, cancelRequested: false }, "requeue"],
    [{ attempt: 2, maxAttempts: 3, cancelRequested: false }, "requeue"],
    [{ attempt: 3, maxAttempts: 3, cancelRequested: false }, "giveUp"],
    [{ attempt: 1, maxAttempts: 3, cancelRequested: true }, "stop"],
    [{ attempt: 3, maxAttempts: 3, cancelRequested: true }, "stop"],
  ] as const)("%j → %s", (run, expected) => {
    expect(afterLoss(run)).toBe(expected);
    expect(canTake("running", afterLoss(run))).toBe(true);
  });
});
