import { makeInt, makeString } from "#engine/onnx/attributes.ts";
import { own } from "#engine/own.ts";
import { malformed } from "../artifact/fault.ts";
import { transpose } from "../graph/layout.ts";
import { type Signal, signal } from "../graph/signal.ts";
import { asFloat, known, type LayerCall, type LayerRule, options, refuse } from "./call.ts";
import {
  type Kind,
  kinds,
  type RecurrentOptions,
  recurrentFunctions,
  recurrentSchema,
  recurrentWeights,
} from "./recurrence.ts";

/** What one direction gives: its output, and its last states. */
export interface Ran {
  readonly output: Signal;
  readonly states: readonly Signal[];
}

export function kindOf(call: LayerCall): Kind {
  return own(kinds, call.spec.className) ?? refuse(call, "as a layer over time");
}

/** The options of a recurrent layer, without those that change what a call means. */
export function recurrentOptions(call: LayerCall): RecurrentOptions {
  const read = options(call, recurrentSchema);
  if (read.stateful) refuse(call, "that keeps its state from call to call");
  if (read.time_major) refuse(call, "with the time first");
  return read;
}

/** LSTM, GRU and SimpleRNN. Inputs behind the first are the states to start from. */
export const recurrent: LayerRule = (call) => {
  const read = recurrentOptions(call);
  const [x, ...states] = call.inputs;
  if (x === undefined) throw malformed("It has no input", call.spec.place);
  const { output, states: last } = runOver(call, read, x, states, read.go_backwards);
  if (!read.return_sequences || !read.go_backwards) return read.return_state ? [output, ...last] : [output];
  // ONNX gives the steps in the order of time, Keras in the order in which they were computed.
  const turned = reversed(call, output);
  return read.return_state ? [turned, ...last] : [turned];
};

/**
 * Runs one direction over a sequence [batch, time, width].
 *
 * @param isBackward from the last step to the first; all outputs are in the order of time nevertheless
 */
export function runOver(
  call: LayerCall,
  read: RecurrentOptions,
  input: Signal,
  states: readonly Signal[],
  isBackward: boolean,
): Ran {
  const { writer, spec } = call;
  const kind = kindOf(call);
  if (input.masked) refuse(call, "over a sequence with a mask");
  if (input.dims.length !== 3) throw malformed("Its input is no sequence of vectors", spec.place);
  if (states.length !== 0 && states.length !== kind.states) {
    throw malformed(`It starts from ${kind.states} states and is given ${states.length}`, spec.place);
  }
  const functions = recurrentFunctions(call, kind, read);
  const weights = recurrentWeights(call, kind, read, known(call, input.dims[2], "last axis"));
  const { units, return_sequences: isSequence } = read;
  const [rows = null, time = null] = input.dims;
  const x = transpose(writer, asFloat(call, input), [1, 0, 2], spec.name);
  const initial = states.map((state) =>
    writer.node("Unsqueeze", [asFloat(call, state).name, writer.ints([0])], spec.name),
  );
  const outputs = writer.nodeOf(
    kind.opType,
    [x.name, ...weights, ...(initial.length > 0 ? ["", ...initial] : [])],
    spec.name,
    [isSequence, ...Array.from({ length: kind.states }, (_, at) => at === 0 || read.return_state)],
    [
      makeInt("hidden_size", units),
      ...(isBackward ? [makeString("direction", "reverse")] : []),
      ...functions,
      ...(kind.opType === "GRU" ? [makeInt("linear_before_reset", read.reset_after ? 1 : 0)] : []),
    ],
  );
  const squeeze = (name: string, axis: number) =>
    writer.node("Squeeze", [name, writer.ints([axis])], spec.name);
  const [sequence = "", ...ends] = outputs;
  const last = ends.map((name) => (name === "" ? name : squeeze(name, 0)));
  const finals = last.map((name) => signal(name, [rows, units]));
  if (!isSequence) return { output: finals[0] ?? signal("", []), states: finals };
  const steps = signal(squeeze(sequence, 1), [time, rows, units]);
  return { output: transpose(writer, steps, [1, 0, 2], spec.name), states: finals };
}

/** The same steps from the last to the first. */
function reversed({ writer, spec }: LayerCall, x: Signal): Signal {
  const limits = [writer.ints([-1]), writer.ints([-(2 ** 31)])];
  const name = writer.node("Slice", [x.name, ...limits, writer.ints([1]), writer.ints([-1])], spec.name);
  return { ...x, name };
}
