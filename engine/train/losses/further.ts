import { EngineError } from "#engine/error.ts";
import { quote } from "#engine/onnx/quote.ts";
import type { Emitter } from "../autodiff/emitter.ts";
import type { ForwardGraph } from "../autodiff/forward.ts";
import type { Known, Operand } from "../autodiff/operand.ts";
import { add, mul } from "../autodiff/tensors.ts";
import { lossNodes } from "./index.ts";
import type { LossOptions } from "./loss.schema.ts";
import type { LossNodes } from "./loss.ts";

/** A loss beside that of the labels, which compares a value of the model with a tensor that every step is fed. */
export interface FurtherLoss {
  /** A value of the main graph; left out: the prediction. */
  readonly value?: string;
  /** Share of the sum. */
  readonly weight: number;
  /** Shape of what is fed, the batch included; left out: that of the value. */
  readonly dims?: readonly number[];
  /** The loss, and its gradient with respect to the value. */
  readonly nodes: (emit: Emitter, value: Operand, target: Operand) => LossNodes;
}

/** A float32 input of the training graph. */
export interface FurtherTarget {
  readonly name: string;
  readonly dims: readonly number[];
}

interface Sum {
  readonly loss: LossOptions;
  readonly lossWeight?: number;
  readonly further?: readonly FurtherLoss[];
}

/**
 * The weighted sum of all losses, and the gradients from which the backward pass starts. A loss of weight 0 has no nodes.
 *
 * @throws EngineError "invalid-option" for a value that the model does not have
 */
export function totalLoss(
  emit: Emitter,
  forward: ForwardGraph,
  { loss, lossWeight = 1, further = [] }: Sum,
  prediction: Known,
  target: Operand | undefined,
): { loss: Operand; seeds: Map<string, Operand>; further: FurtherTarget[] } {
  const seeds = new Map<string, Operand>();
  const terms: Operand[] = [];
  const append = (value: string, weight: number, { loss: term, gradient }: LossNodes) => {
    const scaled = (x: Operand) => (weight === 1 ? x : mul(emit, x, weight));
    const known = seeds.get(value);
    terms.push(scaled(term));
    seeds.set(value, known === undefined ? scaled(gradient) : add(emit, known, scaled(gradient)));
  };
  if (lossWeight !== 0) append(prediction.name, lossWeight, lossNodes(emit, loss, prediction, target));
  const fed = further.map(({ value, weight, dims, nodes }) => {
    const about = value === undefined ? prediction : namedValue(forward, value);
    const input = { name: emit.name("training_further"), dims: dims ?? about.dims };
    append(about.name, weight, nodes(emit, about, input));
    return input;
  });
  const [first, ...others] = terms;
  if (first === undefined) throw new Error("A training needs a loss");
  return { loss: others.reduce((sum, term) => add(emit, sum, term), first), seeds, further: fed };
}

function namedValue(forward: ForwardGraph, name: string): Known {
  if (forward.nodes.some(({ output }) => output.includes(name))) return forward.known(name);
  throw new EngineError("invalid-option", `The model has no value ${quote(name)}`);
}
