import { makeInt, setAttribute } from "#engine/onnx/attributes.ts";
import type { Axes, Axis } from "../units.ts";
import type { AxesRule, Visit } from "../visit.ts";

/** A convolution keeps its batch axis; what it does to the others but the channels is local. */
function windowed(visit: Visit, channels: Axis | undefined): Axes {
  const rank = visit.rank(0) ?? 2;
  return Array.from({ length: rank }, (_, at) =>
    at === 0 ? visit.axis(0, 0) : at === 1 ? channels : undefined,
  );
}

/** y[m] = Σ_c W[m,c] ∗ x[c]: output channels are rows of W, input channels its columns. */
const conv: AxesRule = (visit) => {
  const weight = visit.shape(1);
  visit.weighs(1);
  const [rows, columns] = [visit.axis(1, 0), visit.axis(1, 1)];
  const groups = visit.int("group") ?? 1;
  const inputs = visit.axis(0, 1);
  if (weight === undefined || visit.rank(0) !== weight.length) return [];
  if (visit.has(2)) visit.join(visit.axis(2, 0), rows);
  if (groups === 1) {
    visit.join(inputs, columns);
    visit.sums(1, inputs, rows);
  } else if (!grouped(visit, groups, rows, columns, inputs)) return [];
  visit.produces(rows);
  return [windowed(visit, rows)];
};

/**
 * Groups stay equally large: the k-th channel of every group is one unit, of the inputs and of the outputs each.
 * With one input channel a group (depthwise) every group is a unit, together with the outputs it makes.
 */
function grouped(
  visit: Visit,
  groups: number,
  rows: Axis | undefined,
  columns: Axis | undefined,
  inputs: Axis | undefined,
): boolean {
  const outputs = visit.shape(1)?.[0];
  const inside = visit.shape(1)?.[1];
  if (typeof outputs !== "number" || typeof inside !== "number" || groups < 1) return false;
  const each = outputs / groups;
  if (!Number.isInteger(each)) return false;
  if (inside === 1) {
    if (rows === undefined) return true;
    visit.explain(rows, inputs);
    if (inputs === undefined || inputs.length !== groups) {
      visit.lock(rows, "fixedChannel");
      visit.lock(inputs, "otherChannels");
      return true;
    }
    rows.forEach((unit, at) => {
      visit.trace.units.unite(unit, inputs[Math.floor(at / each)] ?? 0);
    });
    visit.edit((cut) => {
      if (cut.isCut(inputs)) setAttribute(visit.node, makeInt("group", cut.size(inputs)));
    });
    return true;
  }
  if (rows !== undefined) {
    visit.explain(rows);
    // A group makes one channel: none can go without the group.
    if (each === 1) visit.lock(rows, "oneChannel");
    else visit.group(rows, (at) => at % each);
  }
  visit.explain(inputs, columns);
  if (inputs === undefined || columns === undefined || inputs.length !== columns.length * groups) {
    visit.lock(inputs, "inGroups");
    visit.lock(columns, "fixedChannels");
    return true;
  }
  visit.group(inputs, (at) => at % inside);
  columns.forEach((unit, at) => {
    visit.trace.units.unite(unit, inputs[at] ?? 0);
  });
  return true;
}

/** As Conv with the weight [C, M / groups, …]. */
const convTranspose: AxesRule = (visit) => {
  visit.weighs(1);
  const groups = visit.int("group") ?? 1;
  const [rows, columns] = [visit.axis(1, 0), visit.axis(1, 1)];
  const inputs = visit.axis(0, 1);
  const weight = visit.shape(1);
  if (weight === undefined || visit.rank(0) !== weight.length) return [];
  if (groups === 1) {
    visit.join(inputs, rows);
    if (visit.has(2)) visit.join(visit.axis(2, 0), columns);
    visit.produces(columns);
    return [windowed(visit, columns)];
  }
  // Depthwise with one output for each input; other groups are not followed.
  if (weight[1] !== 1 || rows === undefined || rows.length !== groups) return [];
  visit.join(inputs, rows);
  if (visit.has(2)) visit.join(visit.axis(2, 0), rows);
  visit.edit((cut) => {
    if (cut.isCut(rows)) setAttribute(visit.node, makeInt("group", cut.size(rows)));
  });
  return [windowed(visit, rows)];
};

/** [.., M, K] · [.., K, N]. */
function product(visit: Visit, transA: boolean, transB: boolean): readonly Axes[] {
  const [a, b] = [visit.rank(0), visit.rank(1)];
  if (a === undefined || b === undefined || a < 2 || b < 2) return [];
  visit.weighs(0);
  visit.weighs(1);
  const summed = visit.axis(0, transA ? -2 : -1);
  visit.join(summed, visit.axis(1, transB ? -1 : -2));
  const [row, column] = [visit.axis(0, transA ? -1 : -2), visit.axis(1, transB ? -2 : -1)];
  if (!transA && b === 2) visit.sums(a - 1, summed, column);
  const batch = leadingAxes(visit, a, b);
  visit.produces(row);
  visit.produces(column);
  return [[...batch, row, column]];
}

/** The axes in front of the matrices are broadcast. */
function leadingAxes(visit: Visit, a: number, b: number): Axes {
  const rank = Math.max(a, b) - 2;
  return Array.from({ length: rank }, (_, at) => {
    const back = at - rank - 2;
    const parts = [0, 1].flatMap((position) => {
      if ((position === 0 ? a : b) < -back) return [];
      const axis = visit.axis(position, back);
      return axis === undefined && visit.shape(position)?.at(back) === 1 ? [] : [axis];
    });
    const [first, second] = parts;
    if (parts.length === 2) visit.join(first, second);
    return parts.length === 2 && second === undefined ? undefined : first;
  });
}

const gemm: AxesRule = (visit) => {
  const [transA, transB] = [visit.int("transA") === 1, visit.int("transB") === 1];
  const [out] = product(visit, transA, transB);
  if (out === undefined) return [];
  if (visit.has(2)) {
    if (visit.rank(2) === undefined) return [];
    broadcastInto(visit, out, 2);
  }
  return [out];
};

/** The bias of a Gemm is broadcast to the product, which it never makes larger. */
function broadcastInto(visit: Visit, out: Axes, position: number): void {
  const axes = visit.axes(position);
  axes.forEach((axis, at) => {
    const target = out.at(at - axes.length);
    if (axis !== undefined) visit.join(axis, target);
    else if (target !== undefined && visit.shape(position)?.[at] !== 1) visit.join(target, undefined);
  });
}

const fusedMatmul: AxesRule = (visit) => {
  if (visit.int("transBatchA") === 1 || visit.int("transBatchB") === 1) return [];
  return product(visit, visit.int("transA") === 1, visit.int("transB") === 1);
};

/** A table of vectors: which row is read depends on the input, the entries of a row are units. */
const gather: AxesRule = (visit) => {
  const [rank, indices] = [visit.rank(0), visit.rank(1)];
  if (rank === undefined || indices === undefined) return [];
  const given = visit.int("axis") ?? 0;
  const at = given < 0 ? given + rank : given;
  const axes = visit.axes(0);
  visit.lock(axes[at], "looksUp");
  const after = axes.slice(at + 1);
  const isTable = visit.value(0)?.producer === undefined || visit.value(0)?.producer?.opType === "Constant";
  if (at === 0 && isTable) for (const axis of after) visit.produces(axis);
  return [[...axes.slice(0, at), ...visit.axes(1), ...after]];
};

export const linearRules: Record<string, AxesRule> = {
  Conv: conv,
  ConvTranspose: convTranspose,
  MatMul: (visit) => product(visit, false, false),
  Gemm: gemm,
  Gather: gather,
};

export const microsoftLinearRules: Record<string, AxesRule> = { FusedMatMul: fusedMatmul };
