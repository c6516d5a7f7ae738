import { dtypes } from "#engine/onnx/dtypes.ts";
import { type Dim, info, meet, type TensorInfo } from "./info.ts";
import type { Rule } from "./view.ts";

type Info = TensorInfo | undefined;

/** A branch may run or not: its work is counted for the one that a known condition chooses, else not at all. */
const conditional: Rule = (view) => {
  const condition = view.values(0)?.[0];
  const run = (name: string, taken: boolean | undefined): readonly Info[] | undefined => {
    const graph = view.graph(name);
    const repeat = taken === undefined ? undefined : taken ? 1 : 0;
    return graph === undefined ? undefined : view.runGraph(graph, [], { repeat });
  };
  const known = typeof condition === "number" ? condition !== 0 : undefined;
  const yes = run("then_branch", known);
  const no = run("else_branch", known === undefined ? undefined : !known);
  if (known !== undefined) return (known ? yes : no) ?? [];
  return view.node.output.map((_, at) => meet(yes?.[at], no?.[at]));
};

const plain = (input: Info): Info => (input === undefined ? undefined : info(input.dtype, input.shape));

/** Turns that are followed; a change that passes from state to state takes one each. */
const maxTurns = 8;

/** State that holds for every turn: what turns change of it becomes unknown, all of it where it does not settle. */
function steadyState(initial: readonly Info[], run: (state: readonly Info[]) => readonly Info[]): Info[] {
  let state = initial.map(plain);
  for (let turn = 0; turn < maxTurns; turn++) {
    const after = run(state);
    const next = state.map((before, at) => meet(before, plain(after[at])));
    if (JSON.stringify(next) === JSON.stringify(state.map((before) => meet(before, before)))) return state;
    state = next;
  }
  return state.map((value) => info(value?.dtype, undefined));
}

/** Loop: trip count, condition, state; the body gives condition, state, then values stacked over the turns. */
const loop: Rule = (view) => {
  const graph = view.graph("body");
  if (graph === undefined) return [];
  const trips = view.has(0) ? view.values(0)?.[0] : undefined;
  // A condition that the body computes may end the loop earlier.
  const turns: Dim = view.has(1) ? undefined : trips;
  const head = [info(dtypes.int64.code, []), info(dtypes.bool.code, [])];
  const initial = view.inputs.slice(2);
  const turn = (state: readonly Info[], silent: boolean) =>
    view.runGraph(graph, [...head, ...state], {
      repeat: typeof trips === "number" ? trips : undefined,
      silent,
    });
  const state = steadyState(initial, (current) => turn(current, true).slice(1));
  const out = turn(state, false).slice(1);
  return out.map((value, at) => (at < initial.length ? meet(value, state[at]) : stacked(value, turns, 0)));
};

function stacked(value: Info, length: Dim, axis: number): Info {
  if (value?.shape === undefined) return info(value?.dtype, undefined);
  const shape = [...value.shape];
  shape.splice(axis < 0 ? axis + shape.length + 1 : axis, 0, length);
  return info(value.dtype, shape);
}

/** An input of the body: what is left of a value without its first axes; of unknown shape where it has too few. */
function within(input: Info, axes: number): Info {
  const shape = input?.shape;
  return info(input?.dtype, shape !== undefined && shape.length >= axes ? shape.slice(axes) : undefined);
}

/**
 * Scan of opset 8: lengths of the sequences, which may be left out, then state, then sequences. All but the lengths
 * have a batch as their first axis, which the body does not see, and sequences are cut along their second.
 */
const batchedScan: Rule = (view) => {
  const graph = view.graph("body");
  const count = view.int("num_scan_inputs");
  if (graph === undefined || count === undefined) return [];
  const inputs = view.inputs.slice(1);
  const states = inputs.length - count;
  const [batch, turns] = inputs.at(-1)?.shape ?? [];
  const slices = inputs.slice(states).map((input) => within(input, 2));
  // Given lengths end a sequence earlier, but what is stacked keeps its size.
  const isFull = !view.has(0) && typeof batch === "number" && typeof turns === "number";
  const repeat = isFull ? batch * turns : undefined;
  const turn = (state: readonly Info[], silent: boolean) =>
    view.runGraph(graph, [...state, ...slices], { repeat, silent });
  const initial = inputs.slice(0, states).map((input) => within(input, 1));
  const state = steadyState(initial, (current) => turn(current, true));
  return turn(state, false).map((value, at) =>
    at < states ? stacked(meet(value, state[at]), batch, 0) : stacked(stacked(value, turns, 0), batch, 0),
  );
};

/** Scan: state, then sequences that are cut along an axis, one slice a turn. Before opset 9 it was another. */
const scan: Rule = (view) => {
  if (view.opset < 9) return batchedScan(view);
  const graph = view.graph("body");
  const count = view.int("num_scan_inputs");
  if (graph === undefined || count === undefined) return [];
  const states = view.inputs.length - count;
  const axes = view.ints("scan_input_axes");
  let turns: Dim;
  const slices = view.inputs.slice(states).map((input, at): Info => {
    if (input?.shape === undefined) return plain(input);
    const axis = axes?.[at] ?? 0;
    const shape = [...input.shape];
    const [length] = shape.splice(axis < 0 ? axis + shape.length : axis, 1);
    turns ??= length;
    return info(input.dtype, shape);
  });
  const repeat = typeof turns === "number" ? turns : undefined;
  const turn = (state: readonly Info[], silent: boolean) =>
    view.runGraph(graph, [...state, ...slices], { repeat, silent });
  const state = steadyState(view.inputs.slice(0, states), (current) => turn(current, true));
  const outAxes = view.ints("scan_output_axes");
  return turn(state, false).map((value, at) =>
    at < states ? meet(value, state[at]) : stacked(value, turns, outAxes?.[at - states] ?? 0),
  );
};

export const controlRules: Record<string, Rule> = { If: conditional, Loop: loop, Scan: scan };
