import { describe, expect, it } from "vitest";
import { EngineError } from "#engine/error.ts";
import { inspectModel } from "#engine/inspect.ts";
import { encodedLength } from "#engine/onnx/encode.ts";
import { putWeights } from "#engine/passes/training/report.ts";
import { architectureSchema } from "./architecture.schema.ts";
import { architectureRefusal, buildArchitecture, maxParameters, measureArchitecture } from "./index.ts";

const words = { vocabulary: 100, length: 12, outputs: 3 };
const specs = [
  { kind: "mlp", input: [784], outputs: 10 },
  { kind: "lenet-5", input: [1, 28, 28], outputs: 10 },
  { kind: "resnet", input: [3, 32, 32], outputs: 10, blocks: 2 },
  { kind: "mobilenet", input: [3, 32, 32], outputs: 10 },
  { kind: "text-cnn", ...words },
  { kind: "transformer", ...words, layers: 3 },
  { kind: "lstm", ...words },
  { kind: "matrix-factorization", users: 200, items: 300 },
  { kind: "two-tower", users: 200, items: 300 },
].map((spec) => architectureSchema.parse(spec));

describe("the outline of an architecture", () => {
  it.each(specs)("says of $kind what the built model has", (spec) => {
    const model = buildArchitecture(spec, 7);
    const bytes = encodedLength(model);
    const built = inspectModel(model, { bytes });
    const outline = measureArchitecture(spec);
    expect(outline.parameters).toBe(built.parameters);
    expect(outline.inputs).toEqual(built.inputs);
    expect(outline.outputs).toEqual(built.outputs);
    expect(Math.abs(outline.bytes - bytes)).toBeLessThan(0.001 * bytes + 500);
    expect(built.untrained).toEqual({ architecture: spec, seed: 7 });
  });

  it("covers every architecture", () => {
    expect(specs.map(({ kind }) => kind)).toEqual(
      architectureSchema.options.map((option) => option.shape.kind.value),
    );
  });

  it("refuses what would take too much, without taking it", () => {
    const huge = architectureSchema.parse({
      kind: "mlp",
      input: [65_536, 65_536, 65_536],
      hidden: [65_536, 65_536],
      outputs: 65_536,
    });
    const before = process.memoryUsage().arrayBuffers;
    expect(() => buildArchitecture(huge, 1)).toThrow(EngineError);
    expect(architectureRefusal(huge)).toMatchObject({
      key: "catalogue.tooManyParameters",
      params: { limit: maxParameters },
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20);
  });

  it("allows just as many parameters as it says", () => {
    const table = (users: number) =>
      architectureSchema.parse({ kind: "matrix-factorization", users, items: 1, width: 1 });
    const most = maxParameters / 2 - 1;
    expect(measureArchitecture(table(most)).parameters).toBe(maxParameters);
    expect(architectureRefusal(table(most))).toBeUndefined();
    expect(architectureRefusal(table(most + 1))).toBeDefined();
  });
});

it("the mark of an untrained model goes with the first training", () => {
  const model = buildArchitecture(architectureSchema.parse({ kind: "mlp", input: [4], outputs: 2 }), 1);
  putWeights(model, new Map());
  expect(inspectModel(model, { bytes: 1 }).untrained).toBeUndefined();
});
