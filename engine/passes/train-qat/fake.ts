import { uniqueNames } from "#engine/graph/names.ts";
import { makeFloat, makeNode, setAttribute } from "#engine/onnx/attributes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Model, Node } from "#engine/onnx/model.ts";
import { makeFakeQuantize } from "#engine/train/quantize/fake-quantize.ts";
import { fullRange } from "../quantization/range.ts";
import type { GivenScales } from "../quantize-static/draft.ts";
import type { Pairs } from "../quantize-static/qdq.ts";
import { usedIntegers } from "../quantize-static/weights.ts";
import { removeUnused } from "../unused.ts";
import { type QatPlan, writePlan } from "./plan.ts";

/** A scale that may learn: its factor is a parameter of the training. */
export interface LearnedScale {
  /** The parameter; it begins at 1 in all places. */
  readonly factor: string;
  /** As calibration put it. */
  readonly scales: Float32Array;
  readonly zeroPoints: readonly number[];
  /** The value or initialiser that has it. */
  readonly name: string;
  readonly kind: "activation" | "weight";
}

export interface FakeQuantized {
  /** In float32, rounding wherever the exported model has integers. */
  readonly model: Model;
  readonly scales: readonly LearnedScale[];
  /** See `Pairs`. */
  readonly clipped: Pairs["clipped"];
}

/**
 * The model that is trained: as static quantisation would write it, with fake quantisation in place of each pair of
 * QuantizeLinear and DequantizeLinear, and each constant in float32 again. Biases are not rounded: their steps are those of
 * the products, far below a step of what they are added to.
 */
export function fakeQuantized(plan: QatPlan): FakeQuantized | undefined {
  const { model, result } = writePlan(plan, new Map(), "qdq");
  return result.pairs && new FakeWriter(plan.base, model, result.pairs).write();
}

class FakeWriter {
  readonly #base: Model;
  readonly #model: Model;
  readonly #pairs: Pairs;
  readonly #unique: (wanted: string) => string;
  /** By the initialiser of the scale. */
  readonly #scales = new Map<string, LearnedScale>();

  constructor(base: Model, model: Model, pairs: Pairs) {
    this.#base = base;
    this.#model = model;
    this.#pairs = pairs;
    this.#unique = uniqueNames(model);
  }

  write(): FakeQuantized {
    const { graph } = this.#model;
    const known = new Set(graph.initializer.map(({ name }) => name));
    const dropped = new Set([...this.#pairs.activations.values()].map(({ after }) => after));
    const unread = graph.node.flatMap((node) => (this.#isRounding(node) ? node.input.slice(1) : []));
    graph.node = graph.node.flatMap((node) => (dropped.has(node) ? [] : this.#written(node)));
    graph.initializer = [
      ...graph.initializer,
      ...this.#base.graph.initializer.filter(({ name }) => !known.has(name)),
      ...[...this.#scales.values()].map(({ factor, scales }) =>
        makeTensor(
          factor,
          "float32",
          scales.length > 1 ? [scales.length] : [],
          scales.map(() => 1),
        ),
      ),
    ];
    const names = graph.initializer.map(({ name }) => name ?? "");
    removeUnused(this.#model, [...unread, ...names]);
    return { model: this.#model, scales: [...this.#scales.values()], clipped: this.#pairs.clipped };
  }

  #isRounding(node: Node): boolean {
    const { constants, activations, biases } = this.#pairs;
    return constants.has(node) || activations.has(node) || biases.has(node);
  }

  #written(node: Node): Node[] {
    const fake = this.#constant(node) ?? this.#activation(node);
    return fake === undefined ? (this.#bias(node) ?? [node]) : [fake];
  }

  #constant(node: Node): Node | undefined {
    const found = this.#pairs.constants.get(node);
    if (found === undefined) return undefined;
    const { name, form } = found;
    const { options, quantized } = form;
    const { min, max } = usedIntegers(options);
    const factor = this.#factor(node.input[1] ?? "", { ...quantized, name, kind: "weight" });
    const how = { ...quantized, type: options.type, axis: options.axis, least: min, most: max };
    const [output = ""] = node.output;
    return makeFakeQuantize(this.#sourceOf(name), factor, output, { ...how, isBatched: false }, node.name);
  }

  #activation(node: Node): Node | undefined {
    const found = this.#pairs.activations.get(node);
    if (found === undefined) return undefined;
    const { name, after, scale } = found;
    const { min, max } = fullRange(scale.type);
    const { values: scales, zeroPoints, type, names } = scale;
    const factor = this.#factor(names.scale, { scales, zeroPoints, name, kind: "activation" });
    const how = { type, scales, zeroPoints, axis: undefined, least: min, most: max, isBatched: true };
    return makeFakeQuantize(node.input[0] ?? "", factor, after.output[0] ?? "", how, node.name);
  }

  /** A bias is itself again; what was a copy of one that others read, too, is that one. */
  #bias(node: Node): Node[] | undefined {
    const found = this.#pairs.biases.get(node);
    if (found === undefined) return undefined;
    if (found.multiplier !== 1) setAttribute(found.node, makeFloat("beta", found.multiplier));
    const source = this.#sourceOf(found.name);
    return source === found.name ? [] : [makeNode("Identity", [source], [found.name], { name: node.name })];
  }

  #sourceOf(name: string): string {
    return this.#pairs.copies.get(name) ?? name;
  }

  #factor(scale: string, made: Omit<LearnedScale, "factor">): string {
    const known = this.#scales.get(scale);
    if (known !== undefined) return known.factor;
    const factor = this.#unique(`${scale}_factor`);
    this.#scales.set(scale, { ...made, factor });
    return factor;
  }
}

/** The scales that a training ended with, as the writers take them. */
export function givenScales(
  { scales, clipped }: FakeQuantized,
  values: ReadonlyMap<string, Float32Array>,
): GivenScales {
  const learned = scales.map((scale) => {
    const factors = values.get(scale.factor);
    // As the training graph multiplies them, in float32.
    const now = scale.scales.map((value, at) => value * (factors?.[at] ?? 1));
    return { ...scale, scales: now };
  });
  const activations = new Map(
    learned
      .filter(({ kind }) => kind === "activation")
      .map(({ name, scales: [scale = 1], zeroPoints: [zeroPoint = 0] }) => [name, { scale, zeroPoint }]),
  );
  const weights = new Map(
    learned.filter(({ kind }) => kind === "weight").map((one) => [one.name, one] as const),
  );
  for (const input of clipped.keys()) {
    let output = clipped.get(input);
    while (output !== undefined && clipped.has(output)) output = clipped.get(output);
    const scale = output === undefined ? undefined : activations.get(output);
    if (scale !== undefined) activations.set(input, scale);
  }
  return { activations, weights, clipped: new Set(clipped.values()) };
}
