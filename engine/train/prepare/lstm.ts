import type { Emitter } from "../autodiff/emitter.ts";
import type { Operand } from "../autodiff/operand.ts";
import { add, mul, sigmoid, split, tanh } from "../autodiff/tensors.ts";
import { type Cell, projected, recurred } from "./unroll.ts";

/**
 * ONNX's LSTM, whose gates come in the order i, o, f, c: C' = f · C + i · c, H' = o · tanh(C'), where the first three are
 * sigmoids and c is a tanh of x W' + H R' + both biases.
 */
export const lstmStep: Cell = {
  activations: ["Sigmoid", "Tanh", "Tanh"],
  states: 2,
  plain: ["layout", "input_forget"],
  start(_, emit, direction) {
    const { hidden, bias, r } = direction;
    const inputs = projected(emit, direction, direction.w, bias && bothBiases(emit, bias));
    return (at, [h, c]) => {
      const input = inputs[at];
      if (h === undefined || c === undefined || input === undefined)
        throw new Error("A step without a state");
      // One sigmoid over three gates: fewer nodes than one for each, forward and backward.
      const [sigmoids = h, candidate = h] = split(emit, recurred(emit, h, r, input), 1, [3 * hidden, hidden]);
      const [i = h, o = h, f = h] = split(emit, sigmoid(emit, sigmoids), 1, [hidden, hidden, hidden]);
      const cell = add(emit, mul(emit, f, c), mul(emit, i, tanh(emit, candidate)));
      return [mul(emit, o, tanh(emit, cell)), cell];
    };
  },
};

function bothBiases(emit: Emitter, bias: Operand): Operand {
  const half = (bias.dims[0] ?? 0) / 2;
  const [input = bias, state = bias] = split(emit, bias, 0, [half, half]);
  return add(emit, input, state);
}
