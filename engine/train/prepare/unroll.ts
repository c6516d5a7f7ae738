import { findAttribute, makeInt } from "#engine/onnx/attributes.ts";
import type { Emitter } from "../autodiff/emitter.ts";
import { type Operand, sizeOf } from "../autodiff/operand.ts";
import type { Site } from "../autodiff/rule.ts";
import { reshape, split, zeros } from "../autodiff/tensors.ts";

/** Weights of one direction, without its axis; `bias` [2 · gates · H] has those of the input, then of the state. */
export interface Direction {
  readonly steps: number;
  readonly batch: number;
  readonly hidden: number;
  /** [steps · batch, inputs] */
  readonly x: Operand;
  /** [gates · H, inputs] */
  readonly w: Operand;
  /** [gates · H, H] */
  readonly r: Operand;
  readonly bias: Operand | undefined;
}

/** One kind of recurrent layer. */
export interface Cell {
  readonly activations: readonly string[];
  /** The state has one part [batch, H], or the output and the cell. */
  readonly states: 1 | 2;
  /** Attributes that must have their default, 0. */
  readonly plain: readonly string[];
  /** Prepares what all steps share, and gives the function from a state to the next. */
  start(
    site: Site,
    emit: Emitter,
    direction: Direction,
  ): (at: number, state: readonly Operand[]) => Operand[];
}

/** Writes all steps of a node in each direction, and joins them to the outputs that the node has. */
export function unroll(site: Site, emit: Emitter, cell: Cell): void {
  refuseOtherForms(site, cell);
  const [x, w, r] = [site.input(0), site.input(1), site.input(2)];
  const [steps = 0, batch = 0, inputs = 1] = x.dims;
  const [directions = 1, , hidden = 1] = r.dims;
  if (steps === 0) throw site.refusal("its sequences are empty");
  const kind = site.text("direction", "forward");
  if (directions !== (kind === "bidirectional" ? 2 : 1))
    throw site.refusal(`direction ${kind} does not fit its weights`);
  const flat = reshape(emit, x, [steps * batch, inputs]);
  const parts = [w, r, site.inputs[3]].map((weights) => (weights ? perDirection(emit, weights) : undefined));
  const initial = Array.from({ length: cell.states }, (_, at) => {
    const given = site.inputs[5 + at];
    return given ? perDirection(emit, given) : undefined;
  });
  const made = Array.from({ length: directions }, (_, at) => {
    const [weights, recurrence, bias] = parts.map((part) => part?.[at]);
    if (weights === undefined || recurrence === undefined) throw site.refusal("its weights are missing");
    const start = initial.map((state) => state?.[at] ?? zeros(emit, [batch, hidden]));
    const isReversed = kind === "reverse" || at === 1;
    const next = cell.start(site, emit, { steps, batch, hidden, x: flat, w: weights, r: recurrence, bias });
    return run(steps, isReversed, start, next);
  });
  const state = [1, batch, hidden];
  const [all, ...last] = site.node.output;
  if (all) {
    const rows = made.map(({ outputs }) => {
      const joined = join(emit, outputs, 0);
      return reshape(emit, joined, [steps, 1, batch, hidden]);
    });
    give(emit, join(emit, rows, 1), all);
  }
  last.forEach((name, at) => {
    if (name === "") return;
    const ends = made.map(({ final }) => reshape(emit, final[at] ?? flat, state));
    give(emit, join(emit, ends, 0), name);
  });
}

function run(
  steps: number,
  isReversed: boolean,
  start: readonly Operand[],
  next: (at: number, state: readonly Operand[]) => Operand[],
): { outputs: Operand[]; final: readonly Operand[] } {
  const outputs: Operand[] = [];
  let state = start;
  for (let step = 0; step < steps; step++) {
    const at = isReversed ? steps - 1 - step : step;
    state = next(at, state);
    const [output] = state;
    if (output !== undefined) outputs[at] = output;
  }
  return { outputs, final: state };
}

/** The parts of a tensor along its first axis, without that axis. */
function perDirection(emit: Emitter, tensor: Operand): Operand[] {
  const [directions = 1, ...rest] = tensor.dims;
  const parts = split(
    emit,
    tensor,
    0,
    Array.from({ length: directions }, () => 1),
  );
  return parts.map((part) => reshape(emit, part, rest));
}

function join(emit: Emitter, parts: readonly Operand[], axis: number): Operand {
  const [first] = parts;
  if (first === undefined) throw new Error("Nothing to join");
  if (parts.length === 1) return first;
  const size = parts.reduce((sum, { dims }) => sum + (dims[axis] ?? 0), 0);
  const dims = first.dims.map((dim, at) => (at === axis ? size : dim));
  return emit.op("Concat", parts, dims, [makeInt("axis", axis)]);
}

/** Gives a value the name that the rest of the graph knows it by. */
function give(emit: Emitter, { name, dims }: Operand, wanted: string): void {
  const made = emit.op("Identity", [{ name, dims }], dims);
  for (const node of emit.nodes)
    node.output = node.output.map((output) => (output === made.name ? wanted : output));
}

/** x W' + b for all steps at once, as one product, then a part [batch, rows of W] for each step. */
export function projected(
  emit: Emitter,
  { x, steps, batch }: Direction,
  w: Operand,
  bias?: Operand,
): Operand[] {
  const [rows = 1] = w.dims;
  const all = emit.op("Gemm", [x, w, bias], [steps * batch, rows], [makeInt("transB", 1)]);
  return split(
    emit,
    all,
    0,
    Array.from({ length: steps }, () => batch),
  );
}

/** h R' + c. */
export function recurred(emit: Emitter, h: Operand, r: Operand, c?: Operand): Operand {
  return emit.op("Gemm", [h, r, c], [h.dims[0] ?? 1, r.dims[0] ?? 1], [makeInt("transB", 1)]);
}

function refuseOtherForms(site: Site, { activations, plain }: Cell): void {
  const decoder = new TextDecoder();
  const given = findAttribute(site.node, "activations")?.strings?.map((name) =>
    decoder.decode(name).toLowerCase(),
  );
  if (given?.some((name, at) => name !== activations[at % activations.length]?.toLowerCase()))
    throw site.refusal(`its activations are not ${activations.join(", ")}`);
  for (const name of plain) {
    if (site.int(name, 0) !== 0) throw site.refusal(`${name} is not 0`);
  }
  if (findAttribute(site.node, "clip") !== undefined) throw site.refusal("it clips its values");
  if (site.inputs[7] !== undefined) throw site.refusal("it has peepholes");
  const lengths = site.inputs[4];
  const [steps = 0, batch = 0] = site.input(0).dims;
  const isWhole = lengths?.values?.length === batch && lengths.values.every((length) => length === steps);
  if (lengths !== undefined && !isWhole) throw site.refusal("its sequences have lengths of their own");
  if (sizeOf(site.input(0).dims) === 0) throw site.refusal("its sequences are empty");
}
