import { expect, it } from "vitest";
import { say } from "../say.ts";
import { type Remark, remarkSchema } from "./remark.schema.ts";

it("takes the deepest that the engine says: why a step that smooths did nothing", () => {
  const node = say("common.node", { op: "Relu", name: "r" });
  const source = say("quantize-static-preparations.sourceFloat", { node });
  const reason = say("quantize-static-preparations.roundsFirst", { reason: source, node });
  const skipped = say("quantize-static-preparations.notSmoothed", { reason });
  const times = say("compress.times", { reason: skipped, count: 2 });
  const deepest: Remark = say("compress.notApplicable", { reasons: [times] });
  expect(remarkSchema.parse(deepest)).toEqual(deepest);
  expect(
    remarkSchema.safeParse({ key: "compress.step", params: { step: 1, warning: deepest } }).success,
  ).toBe(false);
});
