import { describe, expect, it } from "vitest";
import { floats, graph, model, names, node, opTypes, value, weight } from "../testing/build.ts";
import { formats, run, useComparer, x, y } from "./testing/checks.ts";
import { randomCalibration } from "./testing/random.ts";

const { comparer, check } = useComparer();

describe("what would lose is left alone", () => {
  const two = (first: ReturnType<typeof weight>) =>
    model(
      graph({
        input: [x],
        output: [y],
        node: [
          node("MatMul", ["x", "v"], ["a"]),
          node("Relu", ["a"], ["r"]),
          node("MatMul", ["x", "w"], ["b"]),
          node("Add", ["r", "b"], ["y"]),
        ],
        initializer: [first, weight("w", [16, 16], 2)],
      }),
    );

  it.each([
    ["zeros, whose result has no range", floats("v", [16, 16], new Array(256).fill(0)), "always 0"],
    ["weights too small for a scale", weight("v", [16, 16], 1, 1e-38), "too small for a scale"],
    ["weights that are not finite", floats("v", [16, 16], new Array(256).fill(Number.NaN)), "not finite"],
  ])("%s", async (_, first, reason) => {
    for (const format of formats) {
      const { changed, result } = await run(two(first), { format });
      expect(result.skipped.find(({ name }) => name === "n_a")?.reason).toContain(reason);
      expect(result.changed.map(({ name }) => name)).toContain("n_b");
      expect(opTypes(changed.graph)).toContain("MatMul");
    }
  });

  it("a value beside which another vanishes", async () => {
    const source = model(
      graph({
        input: [x],
        output: [y],
        node: [
          node("MatMul", ["x", "w"], ["scores"]),
          node("Add", ["scores", "mask"], ["masked"]),
          node("Softmax", ["masked"], ["y"]),
        ],
        initializer: [
          weight("w", [16, 16]),
          floats(
            "mask",
            [16],
            Array.from({ length: 16 }, (_, at) => (at < 12 ? 0 : -10000)),
          ),
        ],
      }),
    );
    await check(source);
    const { result } = await run(source);
    expect(result.skipped.map(({ name }) => name)).toEqual(["n_masked", "n_y"]);
    expect(result.skipped[0]?.reason).toContain("smaller than one step");
  });
});

describe("choice and report", () => {
  const source = model(
    graph({
      input: [x],
      output: [y],
      node: [node("MatMul", ["x", "v"], ["a"]), node("MatMul", ["a", "w"], ["y"])],
      initializer: [weight("v", [16, 16]), weight("w", [16, 16], 2)],
    }),
  );

  it("nodes by name and by type", async () => {
    const included = await run(source, { nodes_to_include: ["n_y"] });
    expect(included.result.changed[0]?.name).toBe("n_y");
    expect(included.result.skipped).toEqual([{ name: "n_a", reason: "not among nodes_to_include" }]);
    const excluded = await run(source, { nodes_to_exclude: ["n_y"] });
    expect(names(excluded.changed.graph.initializer)).toContain("w");
    const none = await run(source, { op_types: ["Conv"] });
    expect(none.result.changed).toEqual([]);
    expect(none.result.skipped[1]?.reason).toBe("MatMul is not among op_types");
  });

  it("says what it did, and on how much data", async () => {
    const { result } = await run(source);
    expect(result.changed).toEqual([
      { name: "n_a", what: 'MatMul: "v" float32 → int8, one scale per channel' },
      { name: "n_y", what: 'MatMul: "w" float32 → int8, one scale per channel' },
      {
        name: "model",
        what: "activations float32 → uint8, their ranges learned by minmax over 240 random items",
      },
    ]);
    expect(result.warnings).toEqual(["Calibrated on 240 items instead of 300: there are no more"]);
    const few = await run(source, { samples: 8 });
    expect(few.result.changed.at(-1)?.what).toContain("8 of 240 random items");
    expect(few.result.warnings).toEqual([]);
  });

  it("a quantised model is left alone", async () => {
    const { changed } = await run(source);
    const again = await run(changed);
    expect(again.result.changed).toEqual([]);
    expect(again.result.skipped[0]?.reason).toBe("the model is quantised already");
  });

  // Moving average keeps the mean of what the batches reach, and of 4 rows each that is half of what all reach: it clips
  // what it should not, and how much of that 4 other rows hold is chance. Large batches reach nearly as far as all do.
  it.each(["minmax", "moving-average", "percentile", "entropy"])(
    "calibration by %s, ten inputs",
    async (method) => {
      const data = randomCalibration({ batches: 4, batch: 256 });
      for (const format of formats) {
        for (const per_channel of [true, false]) {
          const { changed } = await run(
            source,
            { format, per_channel, calibration: method, bins: 512 },
            data,
          );
          for (let seed = 1; seed <= 10; seed++) {
            const { error, outputs } = await comparer.compare(source, changed, { dims: { n: 64 }, seed });
            expect(error).toBeUndefined();
            expect(outputs[0]?.cosine, `${format} ${per_channel} ${seed}`).toBeGreaterThan(0.995);
          }
        }
      }
    },
  );

  it("names that the quantiser would use may be taken", async () => {
    const taken = model(
      graph({
        input: [value("x_scale", ["n", 16]), x],
        output: [y, value("w_quantized", ["n", 16])],
        node: [node("MatMul", ["x", "w"], ["y"]), node("Neg", ["x_scale"], ["w_quantized"])],
        initializer: [weight("w", [16, 16])],
      }),
    );
    await check(taken);
  });
});
