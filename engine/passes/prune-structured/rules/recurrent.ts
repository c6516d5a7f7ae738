import { makeInt, setAttribute } from "#engine/onnx/attributes.ts";
import type { AxesRule, Visit } from "../visit.ts";

/**
 * LSTM, GRU and RNN. A hidden unit is a row in each gate of W [d, g·H, I] and R [d, g·H, H], a column of R, two entries
 * a gate in B [d, 2·g·H] and the same entry of every state. Both directions share the size, and so the units.
 */
function recurrent(gates: number): AxesRule {
  return (visit) => {
    visit.weighs(1);
    visit.weighs(2);
    const hidden = visit.axis(2, 2);
    const size = visit.shape(2)?.[2];
    visit.join(visit.axis(0, 2), visit.axis(1, 2));
    const batchFirst = visit.int("layout") === 1;
    if (hidden === undefined || typeof size !== "number" || batchFirst) return [[visit.axis(0, 0)]];
    const initial = (position: number) => {
      if (visit.has(position)) visit.join(visit.axis(position, 2), hidden);
    };
    tie(visit, 1, 1, gates);
    tie(visit, 2, 1, gates);
    if (visit.has(3)) tie(visit, 3, 1, 2 * gates);
    initial(5);
    if (gates === 4) {
      initial(6);
      if (visit.has(7)) tie(visit, 7, 1, 3);
    }
    visit.produces(hidden);
    visit.edit((cut) => {
      if (cut.isCut(hidden)) setAttribute(visit.node, makeInt("hidden_size", cut.size(hidden)));
    });
    const last = [undefined, visit.axis(0, 1), hidden];
    return [[visit.axis(0, 0), undefined, visit.axis(0, 1), hidden], last, last];
  };
}

/** Blocks of the hidden size one behind the other. */
function tie(visit: Visit, position: number, at: number, blocks: number): void {
  const axis = visit.axis(position, at);
  const hidden = visit.axis(2, 2);
  if (axis === undefined || hidden === undefined || axis.length !== blocks * hidden.length) {
    visit.lock(hidden, "otherBlocks");
    return;
  }
  visit.explain(axis);
  axis.forEach((unit, place) => {
    visit.trace.units.unite(unit, hidden[place % hidden.length] ?? 0);
  });
}

export const recurrentRules: Record<string, AxesRule> = {
  LSTM: recurrent(4),
  GRU: recurrent(3),
  RNN: recurrent(1),
};
