import { smallIntAttribute, stringAttribute } from "#engine/onnx/attributes.ts";
import { array, type NdArray } from "../array.ts";
import type { RuleCase } from "../case.ts";
import type { Reference } from "../finite.ts";
import { nodeOf } from "./matrix.ts";

const logistic = (x: number) => 1 / (1 + Math.exp(-x));

/** What a step sees of one sequence: products of each gate with the input and with the state, and the state so far. */
interface Step {
  /** By gate and unit: x W' + the input's bias. */
  readonly input: (gate: number, unit: number) => number;
  /** By gate and unit: (state, or another row) R' + the state's bias. */
  readonly state: (gate: number, unit: number, row: readonly number[]) => number;
  readonly h: readonly number[];
  readonly c: readonly number[];
}
type Next = (step: Step, rule: RuleCase) => { h: number[]; c: number[] };

function recurrent(gates: number, next: Next, states: 1 | 2): Reference {
  return (inputs, rule) => {
    const [x, w, r, bias, , h0, c0] = inputs;
    if (!x || !w || !r) return [];
    const [steps = 1, batch = 1, size = 1] = x.dims;
    const [directions = 1, , hidden = 1] = r.dims;
    const kind = stringAttribute(nodeOf(rule), "direction") ?? "forward";
    const y = array([steps, directions, batch, hidden]);
    const finals = [array([directions, batch, hidden]), array([directions, batch, hidden])];
    for (let d = 0; d < directions; d++) {
      const dot = (weights: NdArray, row: number, length: number, values: (k: number) => number) => {
        let sum = 0;
        for (let k = 0; k < length; k++)
          sum += (weights.data[(d * gates * hidden + row) * length + k] ?? 0) * values(k);
        return sum;
      };
      const biasOf = (row: number) => bias?.data[d * 2 * gates * hidden + row] ?? 0;
      for (let n = 0; n < batch; n++) {
        const initial = (from: NdArray | null | undefined) =>
          Array.from({ length: hidden }, (_, unit) => from?.data[(d * batch + n) * hidden + unit] ?? 0);
        let state = { h: initial(h0), c: initial(c0) };
        for (let step = 0; step < steps; step++) {
          const at = kind === "reverse" || d === 1 ? steps - 1 - step : step;
          state = next(
            {
              ...state,
              input: (gate, unit) =>
                dot(w, gate * hidden + unit, size, (k) => x.data[(at * batch + n) * size + k] ?? 0) +
                biasOf(gate * hidden + unit),
              state: (gate, unit, row) =>
                dot(r, gate * hidden + unit, hidden, (k) => row[k] ?? 0) +
                biasOf((gates + gate) * hidden + unit),
            },
            rule,
          );
          y.data.set(state.h, ((at * directions + d) * batch + n) * hidden);
        }
        finals[0]?.data.set(state.h, (d * batch + n) * hidden);
        finals[1]?.data.set(state.c, (d * batch + n) * hidden);
      }
    }
    return [y, ...finals.slice(0, states)];
  };
}

/** Gates i, o, f, c. */
export const lstmReference = recurrent(
  4,
  ({ input, state, h, c }) => {
    const gate = (at: number, unit: number) => input(at, unit) + state(at, unit, h);
    const cell = c.map(
      (before, unit) => logistic(gate(2, unit)) * before + logistic(gate(0, unit)) * Math.tanh(gate(3, unit)),
    );
    return { c: cell, h: cell.map((value, unit) => logistic(gate(1, unit)) * Math.tanh(value)) };
  },
  2,
);

/** Gates z, r, h. */
export const gruReference = recurrent(
  3,
  ({ input, state, h, c }, rule) => {
    const isLinear = smallIntAttribute(nodeOf(rule), "linear_before_reset") === 1;
    const gate = (at: number, unit: number) => logistic(input(at, unit) + state(at, unit, h));
    const reset = h.map((before, unit) => gate(1, unit) * before);
    const fresh = h.map((_, unit) =>
      Math.tanh(input(2, unit) + (isLinear ? gate(1, unit) * state(2, unit, h) : state(2, unit, reset))),
    );
    return {
      c: [...c],
      h: h.map((before, unit) => {
        const z = gate(0, unit);
        return (1 - z) * (fresh[unit] ?? 0) + z * before;
      }),
    };
  },
  1,
);
