import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { english } from "#engine/english.ts";
import { cloneStructure } from "#engine/graph/clone.ts";
import { modelProblems } from "#engine/graph/validate.ts";
import { countParameters } from "#engine/inspect/parameters.ts";
import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import { silent } from "../pass.ts";
import { pruneStructuredSchema } from "../prune.structured.schema.ts";
import { pruneStructured } from "../prune.structured.ts";
import { floats, graph, int64s, model, node, value, weight } from "../testing/build.ts";
import { Comparer } from "../testing/compare.ts";
import { maskUnits } from "../testing/mask-units.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

const kinds = [
  "conv",
  "depthwise",
  "grouped",
  "norm",
  "relu",
  "sigmoid",
  "residual",
  "gate",
  "concat",
  "halves",
  "shuffle",
  "pool",
] as const;

/** A convolutional network of layers of 8 or 16 channels, whose wiring `pick` chooses among what is there. */
function network(layers: readonly { kind: (typeof kinds)[number]; pick: number }[], flat: boolean): Model {
  const nodes: Node[] = [];
  const tensors: Tensor[] = [];
  const maps: { name: string; channels: number }[] = [];
  let count = 0;
  const add = (opType: string, input: string[], channels: number, attribute: Node["attribute"] = []) => {
    const name = `v${count++}`;
    nodes.push(node(opType, input, [name], attribute));
    maps.push({ name, channels });
  };
  const constant = (dims: number[], positive = false) => {
    const name = `w${tensors.length}`;
    const made = weight(name, dims, tensors.length + 5, 0.5);
    tensors.push(positive ? floats(name, dims, new Array(dims[0] ?? 1).fill(0.7)) : made);
    return name;
  };
  const ints = (values: number[]) => {
    const tensor = int64s(`i${tensors.length}`, values);
    tensors.push(tensor);
    return tensor.name ?? "";
  };
  add("Conv", ["x", constant([8, 2, 1, 1]), constant([8])], 8);
  for (const { kind, pick } of layers) {
    const last = maps.at(-1) ?? { name: "", channels: 8 };
    const { name, channels: c } = last;
    const alike = maps.filter(({ channels }) => channels === c);
    const other = alike[pick % alike.length] ?? last;
    const wide = pick % 2 === 0 ? 8 : 16;
    const padded = makeInts("pads", [1, 1, 1, 1]);
    if (kind === "conv") add("Conv", [name, constant([wide, c, 3, 3]), constant([wide])], wide, [padded]);
    else if (kind === "depthwise")
      add("Conv", [name, constant([c, 1, 3, 3])], c, [makeInt("group", c), padded]);
    else if (kind === "grouped")
      add("Conv", [name, constant([wide, c / 2, 1, 1])], wide, [makeInt("group", 2)]);
    else if (kind === "norm") {
      add("BatchNormalization", [name, constant([c]), constant([c]), constant([c]), constant([c], true)], c);
    } else if (kind === "relu") add("Relu", [name], c);
    else if (kind === "sigmoid") add("Sigmoid", [name], c);
    else if (kind === "residual") add("Add", [name, other.name], c);
    else if (kind === "gate") add("Mul", [name, other.name], c);
    else if (kind === "concat" && c + other.channels <= 32) {
      add("Concat", [name, other.name], c + other.channels, [makeInt("axis", 1)]);
    } else if (kind === "halves") {
      const half = c / 2;
      add(
        "Slice",
        [name, ints([pick % 2 === 0 ? 0 : half]), ints([pick % 2 === 0 ? half : c]), ints([1])],
        half,
      );
      add("Conv", [`v${count - 1}`, constant([8, half, 1, 1])], 8);
    } else if (kind === "shuffle") {
      add("Reshape", [name, ints([1, 2, c / 2, 4, 4])], -1);
      add("Transpose", [`v${count - 1}`], -1, [makeInts("perm", [0, 2, 1, 3, 4])]);
      add("Reshape", [`v${count - 1}`, ints([1, c, 4, 4])], c);
    } else if (kind === "pool") {
      add("AveragePool", [name], c, [makeInts("kernel_shape", [3, 3]), padded]);
    }
  }
  const { name, channels } = maps.at(-1) ?? { name: "", channels: 8 };
  if (flat) {
    nodes.push(node("Flatten", [name], ["f"]), node("Gemm", ["f", constant([channels * 16, 3])], ["y"]));
  } else {
    nodes.push(
      node("GlobalAveragePool", [name], ["g"]),
      node("Reshape", ["g", ints([1, -1])], ["f"]),
      node("MatMul", ["f", constant([channels, 3])], ["y"]),
    );
  }
  return model(
    graph({
      input: [value("x", [1, 2, 4, 4])],
      output: [value("y", [1, 3])],
      node: nodes,
      initializer: tensors,
    }),
  );
}

const layer = fc.record({ kind: fc.constantFrom(...kinds), pick: fc.nat(20) });
const networks = fc
  .tuple(fc.array(layer, { minLength: 1, maxLength: 9 }), fc.boolean())
  .map(([layers, flat]) => network(layers, flat));

const options = fc.record({
  use: fc.constant("prune.structured" as const),
  ratio: fc.constantFrom(0.2, 0.5, 0.8),
  scope: fc.constantFrom("layer" as const, "global" as const),
  importance: fc.constantFrom("l1" as const, "l2" as const),
  round_to: fc.constantFrom(1, 2),
});

describe("random convolutional networks", () => {
  it("compute after pruning what they compute with the units at zero, and are smaller", {
    timeout: 60_000,
  }, async () => {
    let pruned = 0;
    await fc.assert(
      fc.asyncProperty(networks, options, fc.nat(1000), async (source, given, seed) => {
        const parsed = pruneStructuredSchema.parse(given);
        const changed = cloneStructure(source);
        const { changed: changes, skipped } = await pruneStructured(changed, parsed, silent);
        const masked = maskUnits(source, parsed);
        expect(masked === undefined).toBe(changes.length === 0);
        if (masked === undefined) {
          // Never because a rule contradicts itself.
          expect(english(skipped[0]?.reason ?? "")).not.toContain("wrong size");
          return;
        }
        pruned++;
        expect(modelProblems(changed)).toEqual([]);
        expect(countParameters(changed).parameters).toBeLessThan(countParameters(source).parameters);
        const { error, outputs } = await comparer.compare(masked, changed, { seed });
        expect(error).toBeUndefined();
        expect(outputs).toHaveLength(1);
        for (const { maxAbs, rms, finite } of outputs) {
          expect(finite).toBe(true);
          expect(maxAbs).toBeLessThan(1e-4 * (1 + rms));
        }
      }),
      { numRuns: 250 },
    );
    console.log(`${pruned} of 250 networks became smaller`);
    expect(pruned).toBeGreaterThan(150);
  });
});
