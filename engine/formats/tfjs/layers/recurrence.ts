import { z } from "zod";
import type { Attribute } from "#engine/onnx/model.ts";
import { own } from "#engine/own.ts";
import type { Weight } from "../artifact/weights.ts";
import { makeFloats, makeStrings } from "../graph/attributes.ts";
import { permute } from "../graph/permute.ts";
import { constant, type LayerCall, refuse } from "./call.ts";
import { activationOr, off, on, size } from "./options.ts";

export const recurrentSchema = z.object({
  units: size,
  activation: activationOr("tanh"),
  recurrent_activation: activationOr("hard_sigmoid"),
  use_bias: on,
  reset_after: off,
  return_sequences: off,
  return_state: off,
  go_backwards: off,
  stateful: off,
  time_major: off,
});

export type RecurrentOptions = z.output<typeof recurrentSchema>;

/** How a recurrent layer of Keras is written in ONNX. */
export interface Kind {
  readonly opType: "LSTM" | "GRU" | "RNN";
  /** Gates in the order of ONNX, by their place in Keras. */
  readonly gates: readonly number[];
  readonly states: 1 | 2;
}

/** Gates i f c o of Keras are i o f c in ONNX; z r h are in the same order (ONNX, operators LSTM and GRU). */
export const kinds: Readonly<Record<string, Kind>> = {
  LSTM: { opType: "LSTM", gates: [0, 3, 1, 2], states: 2 },
  GRU: { opType: "GRU", gates: [0, 1, 2], states: 1 },
  SimpleRNN: { opType: "RNN", gates: [0], states: 1 },
};

/** W, R and B of the operator, for one direction. */
export function recurrentWeights(
  call: LayerCall,
  kind: Kind,
  read: RecurrentOptions,
  width: number,
): string[] {
  const { units } = read;
  const all = kind.gates.length * units;
  const kernel = gated(call.weights.take("kernel", [width, all]), kind, units);
  const recurrent = gated(call.weights.take("recurrent_kernel", [units, all]), kind, units);
  const bias = new Float32Array(2 * all);
  if (read.use_bias) {
    const isSplit = kind.opType === "GRU" && read.reset_after;
    const weight = call.weights.take("bias", isSplit ? [2, all] : [all]);
    const rows = isSplit ? 2 : 1;
    for (let row = 0; row < rows; row++) {
      kind.gates.forEach((gate, at) => {
        const from = row * all + gate * units;
        bias.set(weight.data.subarray(from, from + units), row * all + at * units);
      });
    }
  }
  return [
    constant(call, "kernel", [1, all, width], kernel),
    constant(call, "recurrent_kernel", [1, all, units], recurrent),
    constant(call, "bias", [1, 2 * all], bias),
  ];
}

/** From (in, gates · units) to (gates · units, in), the gates in the order of ONNX. */
function gated(weight: Weight, { gates }: Kind, units: number): Float32Array {
  const [width = 0] = weight.dims;
  const turned = permute(weight.data, weight.dims, [1, 0]);
  const out = new Float32Array(turned.length);
  gates.forEach((gate, at) => {
    const block = units * width;
    out.set(turned.subarray(gate * block, (gate + 1) * block), at * block);
  });
  return out;
}

interface Function {
  readonly name: string;
  readonly alpha?: number;
  readonly beta?: number;
}

/** The activations that the recurrent operators of ONNX know. */
const functions: Readonly<Record<string, Function>> = {
  tanh: { name: "Tanh" },
  sigmoid: { name: "Sigmoid" },
  relu: { name: "Relu" },
  hard_sigmoid: { name: "HardSigmoid", alpha: 0.2, beta: 0.5 },
  linear: { name: "Affine", alpha: 1, beta: 0 },
  elu: { name: "Elu", alpha: 1 },
  softsign: { name: "Softsign" },
  softplus: { name: "Softplus" },
};

/** The attributes of the activations: the gates, the cell, and once more the cell for the output of an LSTM. */
export function recurrentFunctions(call: LayerCall, kind: Kind, read: RecurrentOptions): Attribute[] {
  const cell = read.activation;
  const gate = read.recurrent_activation;
  const names = { LSTM: [gate, cell, cell], GRU: [gate, cell], RNN: [cell] }[kind.opType];
  const found = names.map((name) => own(functions, name) ?? refuse(call, `with the activation ${name}`));
  const alphas = found.flatMap(({ alpha }) => alpha ?? []);
  const betas = found.flatMap(({ beta }) => beta ?? []);
  return [
    makeStrings(
      "activations",
      found.map(({ name }) => name),
    ),
    ...(alphas.length > 0 ? [makeFloats("activation_alpha", alphas)] : []),
    ...(betas.length > 0 ? [makeFloats("activation_beta", betas)] : []),
  ];
}
