import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { modelScopes } from "#engine/graph/scope.ts";
import { modelProblems } from "#engine/graph/validate.ts";
import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import { encodeModel } from "#engine/onnx/encode.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import { readTensor } from "#engine/onnx/tensor.ts";
import { floats, graph, graphAttribute, model, node, value, weight } from "../testing/build.ts";
import { formats, run, useComparer } from "./testing/checks.ts";
import { randomCalibration } from "./testing/random.ts";
import { rescaled } from "./testing/rescaled.ts";

const { comparer } = useComparer();
const width = 8;
const kinds = ["conv", "depthwise", "relu", "leaky", "clip", "residual", "if"] as const;
const denseKinds = ["matmul", "gemm", "gemmT", "tied", "norm", "relu", "add", "residual", "if"] as const;

interface Part {
  readonly kind: (typeof kinds)[number] | (typeof denseKinds)[number];
  /** Which of sixteen tensors of its shape a layer takes: layers share them. */
  readonly share: number;
}

/** A network of layers of one width; those that draw the same `share` read the same tensors. */
function network(parts: readonly Part[], dims: (number | string)[]): Model {
  const nodes: Node[] = [];
  const tensors = new Map<string, Tensor>([
    ["zero", floats("zero", [], [0])],
    ["six", floats("six", [], [6])],
  ]);
  const use = (kind: string, share: number, shape: number[]) => {
    const name = `${kind}${share}`;
    const seed = tensors.size + 3;
    tensors.set(name, tensors.get(name) ?? weight(name, shape, seed, 0.5 + (share % 3)));
    return name;
  };
  const pads = makeInts("pads", [1, 1, 1, 1]);
  let last = "x";
  [...parts, parts[0]].forEach((part, at) => {
    if (part === undefined) return;
    const { kind, share } = part;
    const out = at === parts.length ? "y" : `v${at}`;
    const w = () => use("w", share, [width, width]);
    const b = () => use("b", share, [width]);
    const add = (opType: string, inputs: string[], ...attribute: Parameters<typeof node>[3][]) =>
      nodes.push(
        node(
          opType,
          inputs,
          [out],
          attribute.flat().filter((entry) => entry !== undefined),
        ),
      );
    if (kind === "conv") add("Conv", [last, use("k", share, [width, width, 3, 3]), b()], [pads]);
    else if (kind === "depthwise") {
      add("Conv", [last, use("d", share, [width, 1, 3, 3])], [pads, makeInt("group", width)]);
    } else if (kind === "relu") add("Relu", [last]);
    else if (kind === "leaky") add("LeakyRelu", [last]);
    else if (kind === "clip") add("Clip", [last, "zero", "six"]);
    else if (kind === "residual") add("Add", [last, "x"]);
    else if (kind === "matmul") add("MatMul", [last, w()]);
    else if (kind === "gemm") add("Gemm", [last, w(), b()]);
    else if (kind === "gemmT") add("Gemm", [last, w()], [makeInt("transB", 1)]);
    else if (kind === "add") add("Add", [b(), last]);
    else if (kind === "norm") add("LayerNormalization", [last, use("g", share, [width]), b()]);
    else if (kind === "tied") {
      nodes.push(node("Transpose", [w()], [`t${at}`], [makeInts("perm", [1, 0])]));
      add("MatMul", [last, `t${at}`]);
    } else {
      const inside =
        dims.length === 2
          ? node("MatMul", [last, w()], [`i${at}`])
          : node("Conv", [last, use("k", share, [width, width, 3, 3])], [`i${at}`], [pads]);
      const branch = (name: string, inner: Node) =>
        graph({ name, node: [inner], output: [value(inner.output[0] ?? "", dims)] });
      add(
        "If",
        ["c"],
        [
          graphAttribute("then_branch", branch(`then${at}`, inside)),
          graphAttribute("else_branch", branch(`else${at}`, node("Abs", [last], [`e${at}`]))),
        ],
      );
    }
    last = out;
  });
  return model(
    graph({
      input: [value("x", dims), value("c", [], "bool")],
      output: [value("y", dims)],
      node: nodes,
      initializer: [...tensors.values()],
    }),
  );
}

const part = <Kind extends Part["kind"]>(...list: readonly Kind[]) =>
  fc.record({ kind: fc.constantFrom(...list), share: fc.nat(15) });
const networks = fc.oneof(
  fc.array(part(...kinds), { minLength: 1, maxLength: 6 }).map((parts) => network(parts, [2, width, 5, 5])),
  fc.array(part(...denseKinds), { minLength: 1, maxLength: 6 }).map((parts) => network(parts, [4, width])),
);
const choices = fc.record({
  format: fc.constantFrom(...formats),
  per_channel: fc.boolean(),
  activation_type: fc.constantFrom("uint8", "int8"),
  weight_type: fc.constantFrom("uint8", "int8"),
  reduce_range: fc.boolean(),
  symmetric_activations: fc.boolean(),
  smooth_quant: fc.boolean(),
  smooth_alpha: fc.double({ min: 0, max: 1, noNaN: true }),
  equalize: fc.boolean(),
  bias_correction: fc.boolean(),
});
const seeds = fc.nat(1000);
const data = (seed: number) => withCondition(randomCalibration({ batches: 4, seed }));

/** The If of a network goes by a boolean, which the random items do not have. */
function withCondition(items: ReturnType<typeof randomCalibration>): ReturnType<typeof randomCalibration> {
  return {
    ...items,
    batches: (signature) => ({
      *[Symbol.iterator]() {
        const inputs = signature.inputs.filter(({ name }) => name !== "c");
        let at = 0;
        for (const batch of items.batches({ ...signature, inputs })) {
          const c = { dtype: "bool" as const, dims: [], data: Uint8Array.of(at++ % 2) };
          yield { ...batch, feeds: { ...batch.feeds, c } };
        }
      },
    }),
  };
}

const bytes = (changed: Model) => Buffer.concat(encodeModel(changed));
const graphsOf = (changed: Model) => modelScopes(changed).flatMap(({ graph }) => graph ?? []);
/** The initialisers of all graphs: names are unique. */
const tensorsOf = (changed: Model) =>
  new Map(
    graphsOf(changed).flatMap(({ initializer }) => initializer.map((tensor) => [tensor.name ?? "", tensor])),
  );

/** Attributes but for subgraphs, whose nodes are left out by names of their own. */
const plain = ({ attribute }: Node) => attribute.filter(({ g }) => g === undefined);

/** Every scale and zero point of a quantised model as its nodes name them. */
function parametersOf(changed: Model): { scale: Tensor; zeroPoint: Tensor; value: Tensor | undefined }[] {
  const tensors = tensorsOf(changed);
  const found = new Map<string, { scale: Tensor; zeroPoint: Tensor; value: Tensor | undefined }>();
  for (const { input } of graphsOf(changed).flatMap((one) => one.node)) {
    input.forEach((name, at) => {
      const [scale, zeroPoint] = [tensors.get(name), tensors.get(input[at + 1] ?? "")];
      if (!/_scale(_\d+)?$/.test(name) || name.endsWith("_smooth_scale") || scale === undefined) return;
      if (zeroPoint !== undefined)
        found.set(name, { scale, zeroPoint, value: tensors.get(input[at - 1] ?? "") });
    });
  }
  return [...found.values()];
}

describe("static quantisation of networks with shared weights, tied weights and branches", () => {
  it("keeps shapes, and every scale and zero point is one", { timeout: 60_000 }, async () => {
    let quantized = 0;
    await fc.assert(
      fc.asyncProperty(networks, choices, seeds, async (source, options, seed) => {
        const { changed, result } = await run(source, options, data(seed));
        if (result.changed.length === 0) {
          expect(result.skipped.length).toBeGreaterThan(0);
          return;
        }
        quantized++;
        expect(modelProblems(changed)).toEqual([]);
        expect(changed.graph.output).toEqual(source.graph.output);
        expect(changed.graph.input).toEqual(source.graph.input);
        const { error, outputs } = await comparer.compare(source, changed, { seed: seed + 5000 });
        expect(error).toBeUndefined();
        expect(outputs.every(({ finite }) => finite)).toBe(true);
        const parameters = parametersOf(changed);
        expect(parameters.length).toBeGreaterThan(0);
        for (const { scale, zeroPoint } of parameters) {
          for (const entry of readFloats(scale)) expect(Number.isFinite(entry) && entry > 0).toBe(true);
          const unsigned = zeroPoint.dataType === 2;
          for (const entry of Array.from(readTensor(zeroPoint), Number)) {
            expect(entry).toBeGreaterThanOrEqual(unsigned ? 0 : -128);
            expect(entry).toBeLessThanOrEqual(unsigned ? 255 : 127);
          }
        }
      }),
      { numRuns: 120 },
    );
    expect(quantized).toBeGreaterThan(60);
  });

  it("no weight is further from its integers than half a step", { timeout: 60_000 }, async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(networks, choices, seeds, async (source, chosen, seed) => {
        // Rounding alone: these change the weights before they are rounded.
        const options = { ...chosen, smooth_quant: false, equalize: false, bias_correction: false };
        const { changed } = await run(source, options, data(seed));
        const originals = tensorsOf(source);
        for (const { scale, zeroPoint, value: integers } of parametersOf(changed)) {
          const original = originals.get(integers?.name?.replace(/_quantized(_\d+)?$/, "") ?? "");
          if (integers === undefined || original === undefined || integers.dataType === 6) continue;
          const scales = readFloats(scale);
          const zeroPoints = Array.from(readTensor(zeroPoint), Number);
          const values = Array.from(readTensor(integers), Number);
          const axis = integers.dims.indexOf(scales.length);
          const layouts = scales.length === 1 ? [0] : integers.dims.map((_, at) => at);
          // A square matrix has its channels on either axis: on one of them all errors must be small.
          const worst = layouts.map((at) => {
            if (scales.length > 1 && integers.dims[at] !== scales.length) return Number.POSITIVE_INFINITY;
            const inner = integers.dims.slice(at + 1).reduce((a, b) => a * b, 1);
            return Math.max(
              ...readFloats(original).map((entry, flat) => {
                const channel = scales.length === 1 ? 0 : Math.floor(flat / inner) % scales.length;
                const s = scales[channel] ?? 1;
                return Math.abs(entry - ((values[flat] ?? 0) - (zeroPoints[channel] ?? 0)) * s) / s;
              }),
            );
          });
          expect(axis).toBeGreaterThanOrEqual(scales.length === 1 ? -1 : 0);
          expect(Math.min(...worst)).toBeLessThan(0.5 + 1e-3);
          compared++;
        }
      }),
      { numRuns: 80 },
    );
    expect(compared).toBeGreaterThan(50);
  });

  it("the same bytes from the same data", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(networks, choices, seeds, async (source, options, seed) => {
        const [one, two] = [await run(source, options, data(seed)), await run(source, options, data(seed))];
        expect(bytes(one.changed).equals(bytes(two.changed))).toBe(true);
        expect(one.result).toEqual(two.result);
      }),
      { numRuns: 40 },
    );
  });

  it("a node that is left out stays as it is", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(networks, choices, seeds, fc.nat(20), async (source, options, seed, pick) => {
        const victim = source.graph.node[pick % source.graph.node.length];
        if (victim?.name === undefined) return;
        const { changed, result } = await run(
          source,
          { ...options, nodes_to_exclude: [victim.name] },
          data(seed),
        );
        if (result.changed.length === 0) return;
        const left = changed.graph.node.find(({ name }) => name === victim.name);
        // A Transpose of a weight may go, when all of its readers take the weight itself.
        if (left === undefined) expect(victim.opType).toBe("Transpose");
        else expect([left.opType, plain(left)]).toEqual([victim.opType, plain(victim)]);
        const [before, after] = [tensorsOf(source), tensorsOf(changed)];
        for (const name of left === undefined ? [] : victim.input) {
          const old = before.get(name);
          if (old !== undefined && left?.input.includes(name)) expect(after.get(name)).toEqual(old);
        }
      }),
      { numRuns: 80 },
    );
  });

  it("smoothing and equalising change no result", { timeout: 60_000 }, async () => {
    let moved = 0;
    await fc.assert(
      fc.asyncProperty(networks, choices, seeds, async (source, { smooth_alpha }, seed) => {
        const options = { smooth_quant: true, equalize: true, smooth_alpha };
        const { model: changed, changed: changes } = await rescaled(source, options, data(seed));
        if (changes.length > 0) moved++;
        expect(modelProblems(changed)).toEqual([]);
        const { error, outputs } = await comparer.compare(source, changed, { seed: seed + 5000 });
        expect(error).toBeUndefined();
        for (const { maxAbs, rms } of outputs) expect(maxAbs / rms).toBeLessThan(1e-4);
      }),
      { numRuns: 150 },
    );
    expect(moved).toBeGreaterThan(20);
  });
});
