/** Parameters of an LSTM by gate, in TensorFlow Lite's order: input, forget, cell, output. */
export interface LstmWeights {
  /** [gate][unit][depth] */
  readonly input: readonly (readonly (readonly number[])[])[];
  /** [gate][unit][unit] */
  readonly recurrent: readonly (readonly (readonly number[])[])[];
  /** [gate][unit]; of the cell gate unused. */
  readonly peepholes: readonly (readonly number[] | undefined)[];
  /** [gate][unit] */
  readonly biases: readonly (readonly number[])[];
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

/**
 * One sequence through an LSTM in float64 from a state of zeros, as F. Gers and J. Schmidhuber, "LSTM Recurrent Networks
 * Learn Simple Context-Free and Context-Sensitive Languages" (2001) define it, peepholes of input and forget gate on the
 * old cell and of the output gate on the new one: LiteRT for JavaScript does not know variables, and so no LSTM.
 *
 * @param steps [step][depth]
 * @returns [step][unit]
 */
export function lstmReference(steps: readonly (readonly number[])[], weights: LstmWeights): number[][] {
  const units = weights.biases[0]?.length ?? 0;
  let hidden = new Array<number>(units).fill(0);
  let cell = new Array<number>(units).fill(0);
  return steps.map((x) => {
    const sum = (gate: number, unit: number, seen: readonly number[]) =>
      dot(weights.input[gate]?.[unit] ?? [], x) +
      dot(weights.recurrent[gate]?.[unit] ?? [], hidden) +
      (weights.peepholes[gate]?.[unit] ?? 0) * (seen[unit] ?? 0) +
      (weights.biases[gate]?.[unit] ?? 0);
    const next = cell.map(
      (old, unit) =>
        sigmoid(sum(1, unit, cell)) * old + sigmoid(sum(0, unit, cell)) * Math.tanh(sum(2, unit, [])),
    );
    const output = next.map((value, unit) => sigmoid(sum(3, unit, next)) * Math.tanh(value));
    [cell, hidden] = [next, output];
    return output;
  });
}
