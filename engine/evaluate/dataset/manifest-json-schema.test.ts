import { expect, it } from "vitest";
import { manifestJsonSchema } from "./manifest-json-schema.ts";

it("knows every field and refuses others", () => {
  expect(manifestJsonSchema()).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    required: ["name", "task", "splits", "inputs"],
    additionalProperties: false,
    properties: {
      task: { enum: ["classification", "regression", "ranking"] },
      audio: { required: ["rate", "samples"] },
      inputs: { items: { required: ["to", "from"], additionalProperties: false } },
    },
  });
});
