import { add, mul, sigmoid, split, sub, tanh } from "../autodiff/tensors.ts";
import { type Cell, projected, recurred } from "./unroll.ts";

/**
 * ONNX's GRU, whose gates come in the order z, r, h: H' = (1 − z) · h + z · H, where z and r are sigmoids and h is a tanh.
 * The reset gate is applied to the state, h = tanh(x W' + (r · H) R' + b), or with `linear_before_reset` (as in
 * PyTorch) to its product, h = tanh(x W' + b + r · (H R' + b)).
 */
export const gruStep: Cell = {
  activations: ["Sigmoid", "Tanh"],
  states: 1,
  plain: ["layout"],
  start(site, emit, direction) {
    const { hidden, w, r, bias } = direction;
    const isLinear = site.int("linear_before_reset", 0) !== 0;
    const sizes = [2 * hidden, hidden];
    const [inputGates = w, inputState = w] = split(emit, w, 0, sizes);
    const [ofGates = w, ofState = w] = split(emit, r, 0, sizes);
    const [bGates, bState, rGates, rState] = bias ? split(emit, bias, 0, [...sizes, ...sizes]) : [];
    const both = bGates && rGates ? add(emit, bGates, rGates) : undefined;
    const gates = projected(emit, direction, inputGates, both);
    const own = bState && rState && !isLinear ? add(emit, bState, rState) : bState;
    const states = projected(emit, direction, inputState, own);
    return (at, [h]) => {
      const [gate, state] = [gates[at], states[at]];
      if (h === undefined || gate === undefined || state === undefined)
        throw new Error("A step without a state");
      const [z = h, reset = h] = split(emit, sigmoid(emit, recurred(emit, h, ofGates, gate)), 1, [
        hidden,
        hidden,
      ]);
      const sum = isLinear
        ? add(emit, state, mul(emit, reset, recurred(emit, h, ofState, rState)))
        : recurred(emit, mul(emit, reset, h), ofState, state);
      const candidate = tanh(emit, sum);
      return [add(emit, candidate, mul(emit, z, sub(emit, h, candidate)))];
    };
  },
};
