import { describe, expect, it } from "vitest";
import { runReportSchema, saidInLine } from "./run.ts";

const remark = { key: "compress.times", params: { reason: { key: "simplify.cycle", params: {} }, count: 2 } };

describe("what is stored of a run", () => {
  it("may be sentences, as earlier versions wrote them, or remarks", () => {
    const counts = { changedMore: 0, skippedMore: 0 };
    const steps = [
      {
        use: "simplify",
        changed: [{ name: "n", what: "removed" }],
        skipped: [{ name: "m", reason: remark }],
        ...counts,
      },
    ];
    const report = { outcome: "compressed", steps, warnings: ["an old sentence", remark] };
    expect(runReportSchema.parse(report)).toEqual(report);
    expect(runReportSchema.safeParse({ ...report, warnings: [{ key: 1, params: {} }] }).success).toBe(false);
  });

  it("is a remark in a line of the log that has one, else its text", () => {
    expect(saidInLine({ text: "two times", data: { remark, state: "running" } })).toEqual(remark);
    expect(saidInLine({ text: "an old line", data: null })).toBe("an old line");
    expect(saidInLine({ text: "an old line", data: { remark: { key: "x" } } })).toBe("an old line");
  });
});
