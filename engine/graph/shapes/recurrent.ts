import { info } from "./info.ts";
import type { Rule } from "./view.ts";

/** RNN, GRU and LSTM: X [seq, batch, in] (layout 1: [batch, seq, in]), R [directions, gates·hidden, hidden]. */
function recurrent(states: 1 | 2): Rule {
  return (view) => {
    const [x, r] = [view.shape(0), view.shape(2)];
    const dtype = view.dtype(0);
    const batchFirst = view.int("layout") === 1;
    const directions = view.string("direction") === "bidirectional" ? 2 : 1;
    const hidden = view.int("hidden_size") ?? r?.[2];
    const [seq, batch] = batchFirst ? [x?.[1], x?.[0]] : [x?.[0], x?.[1]];
    const y = batchFirst ? [batch, seq, directions, hidden] : [seq, directions, batch, hidden];
    const state = batchFirst ? [batch, directions, hidden] : [directions, batch, hidden];
    const outputs = [info(dtype, y), info(dtype, state)];
    return states === 2 ? [...outputs, info(dtype, state)] : outputs;
  };
}

export const recurrentRules: Record<string, Rule> = {
  RNN: recurrent(1),
  GRU: recurrent(1),
  LSTM: recurrent(2),
  DynamicQuantizeLSTM: (view) => {
    // Its recurrence weights are stored transposed, [directions, hidden, 4·hidden].
    const x = view.shape(0);
    const directions = view.string("direction") === "bidirectional" ? 2 : 1;
    const hidden = view.int("hidden_size");
    const state = info(view.dtype(0), [directions, x?.[1], hidden]);
    return [info(view.dtype(0), [x?.[0], directions, x?.[1], hidden]), state, state];
  },
};
