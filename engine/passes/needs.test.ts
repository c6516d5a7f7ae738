import { expect, it } from "vitest";
import { z } from "zod";
import { needsData } from "./index.ts";
import { needOf } from "./needs.ts";
import { type Step, stepSchema } from "./step.schema.ts";

/** Every technique with its defaults, and with each switch and each choice the other way. */
function variants(): Step[] {
  return stepSchema.options.flatMap((option) => {
    const use = option.shape.use.value;
    const { properties = {} } = z.toJSONSchema(option, { io: "input", unrepresentable: "any" });
    const settings = Object.entries(properties).flatMap(([key, of]) => {
      if (typeof of !== "object") return [];
      const values = of.type === "boolean" ? [true, false] : (of.enum ?? []);
      return values.map((value) => ({ [key]: value }));
    });
    return [{}, ...settings].flatMap((setting) => stepSchema.safeParse({ ...setting, use }).data ?? []);
  });
}

it("says of each step what its technique says", () => {
  const steps = variants();
  expect(steps.length).toBeGreaterThan(stepSchema.options.length);
  for (const step of steps) expect(needOf(step) !== "nothing", JSON.stringify(step)).toBe(needsData(step));
});
