import { smallIntAttribute } from "#engine/onnx/attributes.ts";
import type { Model, Node } from "#engine/onnx/model.ts";
import type { LossOptions } from "#engine/train/losses/loss.schema.ts";
import { isStandard } from "../domains.ts";

/** What a model says of an item, as the loss takes it. */
export interface Prediction {
  /** A value of the main graph. */
  readonly name: string;
  /** It holds probabilities, of which logits have to be made. */
  readonly isProbability: boolean;
  /** The axis that a Softmax goes over, which has to be the last one; undefined where it is. */
  readonly axis: number | undefined;
}

/** They hand on what they get, rounded at most. */
const passing: ReadonlySet<string> = new Set(["Identity", "Cast", "QuantizeLinear", "DequantizeLinear"]);

/** Softmax had the axis 1 by default before this opset, and the last one since. */
const lastAxisSince = 13;

/**
 * Where to look at what a model says: its first output, or for classes what goes into a last Softmax or Sigmoid. A model
 * of which only the probabilities can be seen gives those.
 */
export function findPrediction(model: Model, { kind }: LossOptions): Prediction {
  const output = model.graph.output[0]?.name ?? "";
  const plain = { name: output, isProbability: false, axis: undefined };
  if (kind !== "cross-entropy" && kind !== "binary-cross-entropy") return plain;
  const last = lastActivation(model);
  const wanted = kind === "cross-entropy" ? "Softmax" : "Sigmoid";
  if (last === undefined || !last.opType.endsWith(wanted)) return plain;
  // QLinearSoftmax and the like take integers.
  if (last.opType !== wanted || !isStandard(last))
    return last.opType.startsWith("QLinear") ? { ...plain, isProbability: true } : plain;
  return { name: last.input[0] ?? "", isProbability: false, axis: softmaxAxis(model, last) };
}

/** The node that makes the first output, behind those that only hand it on. */
export function lastActivation({ graph }: Model): Node | undefined {
  const makers = new Map(graph.node.flatMap((node) => node.output.map((made) => [made, node] as const)));
  let maker = makers.get(graph.output[0]?.name ?? "");
  const met = new Set<Node>();
  while (maker !== undefined && passing.has(maker.opType) && !met.has(maker)) {
    met.add(maker);
    maker = makers.get(maker.input[0] ?? "");
  }
  return maker;
}

function softmaxAxis(model: Model, node: Node): number | undefined {
  if (node.opType !== "Softmax") return undefined;
  const opset = model.opsetImport.find(({ domain = "" }) => domain === "" || domain === "ai.onnx")?.version;
  const axis = smallIntAttribute(node, "axis") ?? ((opset ?? 1) < lastAxisSince ? 1 : -1);
  return axis === -1 ? undefined : axis;
}

/** Beyond it a probability is not told from 0 or 1: quantised ones are often exactly that. */
const smallest = 1e-7;

/** Scores of which a Softmax or Sigmoid makes these probabilities, in place. */
export function logitsOf(probabilities: Float32Array, { kind }: LossOptions): Float32Array {
  const isBinary = kind === "binary-cross-entropy";
  for (let at = 0; at < probabilities.length; at++) {
    const p = Math.min(1 - smallest, Math.max(smallest, probabilities[at]!));
    probabilities[at] = isBinary ? Math.log(p / (1 - p)) : Math.log(p);
  }
  return probabilities;
}
