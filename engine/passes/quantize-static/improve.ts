import type { Model, Node } from "#engine/onnx/model.ts";
import type { Range } from "../calibration/range.ts";
import type { Change, PassTools, Skip } from "../pass.ts";
import { selectionOf } from "../quantization/nodes.ts";
import type { QuantizeStaticOptions } from "../quantize.static.schema.ts";
import { correctBiases } from "./correct-biases.ts";
import type { Plan } from "./draft.ts";
import { equalize } from "./equalize.ts";
import { FloatNetwork } from "./float-network.ts";
import { smooth } from "./smooth.ts";

/** What was done to the model while it was still in float32. */
export interface Improvement {
  readonly changed: Change[];
  readonly skipped: Skip[];
  /** Constants that a node stopped reading. */
  readonly released: string[];
  /** Inputs that held defaults which have changed. */
  readonly dropped: string[];
  /** Names of results whose nodes read values of the main graph before these are rounded. */
  readonly unrounded: Set<string>;
}

function nothing(): Improvement {
  return { changed: [], skipped: [], released: [], dropped: [], unrounded: new Set() };
}

/** Where the options ask for it: the same results from weights and activations that are easier to quantise. */
export async function rescale(
  model: Model,
  options: QuantizeStaticOptions,
  chosen: Set<Node>,
  tools: PassTools,
): Promise<Improvement> {
  const done = nothing();
  if (options.equalize) {
    const network = new FloatNetwork(model, selectionOf(options));
    add(done, network, equalize(network, chosen));
  }
  if (options.smooth_quant) {
    const network = new FloatNetwork(model, selectionOf(options));
    const result = await smooth(network, chosen, options.smooth_alpha, tools);
    add(done, network, result);
    for (const name of result.unrounded) done.unrounded.add(name);
  }
  return done;
}

/** Where the options ask for it: biases that make good what the rounding of weights will do to means. */
export async function correct(
  model: Model,
  options: QuantizeStaticOptions,
  plan: Plan,
  ranges: ReadonlyMap<string, Range>,
  tools: PassTools,
): Promise<Improvement> {
  const done = nothing();
  if (options.bias_correction) {
    const network = new FloatNetwork(model, selectionOf(options));
    add(done, network, await correctBiases(network, options, plan, ranges, tools));
  }
  return done;
}

function add(
  done: Improvement,
  network: FloatNetwork,
  { changed, skipped }: Pick<Improvement, "changed" | "skipped">,
): void {
  done.changed.push(...changed);
  done.skipped.push(...skipped);
  done.released.push(...network.released);
  done.dropped.push(...network.dropped);
}
