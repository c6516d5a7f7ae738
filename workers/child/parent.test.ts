import { expect, it } from "vitest";
import { ProgressReporter } from "./parent.ts";

/** A reporter whose clock the test turns; `report` gives the seconds that are left, as it tells them. */
function reporterAt0() {
  let now = 0;
  let left: number | null | undefined;
  const reporter = new ProgressReporter(
    () => now,
    (message) => {
      if (message.kind === "progress") left = message.progress.etaSeconds;
    },
  );
  const report = (second: number, fraction: number) => {
    now = 1_000 * second;
    reporter.report("train", fraction);
    return left;
  };
  return { reporter, report };
}

it("tells the time left by the pace so far, once that is known", () => {
  const { report } = reporterAt0();
  expect(report(0.5, 0.01)).toBeNull();
  expect(report(10, 0.25)).toBe(30);
});

it("judges a training by its own pace: neither by steps before it nor by what its checkpoint spared", () => {
  const { reporter, report } = reporterAt0();
  expect(report(2, 0.1)).toBe(18);
  reporter.restart();
  expect(report(3, 0.5)).toBeNull();
  expect(report(13, 0.6)).toBe(40);
});
