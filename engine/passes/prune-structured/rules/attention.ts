import { makeInt, makeInts, setAttribute } from "#engine/onnx/attributes.ts";
import type { Axis } from "../units.ts";
import type { AxesRule, Visit } from "../visit.ts";

/**
 * Attention of com.microsoft: the weight [input, q + k + v] makes queries, keys and values of all heads in one product.
 * A head is a block of columns in each of the three. A cache of keys and values is an input and an output of the model,
 * so that heads cannot go where there is one.
 */
const attention: AxesRule = (visit) => {
  visit.weighs(1);
  const heads = visit.int("num_heads") ?? 0;
  const weight = visit.shape(1);
  const columns = visit.axis(1, 1);
  const width = weight?.[1];
  if (heads < 1 || typeof width !== "number") return [];
  visit.join(visit.axis(0, -1), visit.axis(1, 0));
  const given = visit.ints("qkv_hidden_sizes", visit.node.input.length);
  const sizes = given ?? [width / 3, width / 3, width / 3];
  const batch = visit.axis(0, 0);
  if (columns === undefined) return [[batch, visit.axis(0, 1), undefined]];
  visit.explain(columns);
  const whole = sizes.length === 3 && sizes.every((size) => size > 0 && size % heads === 0);
  const fits = sizes.reduce((a, b) => a + b, 0) === width;
  if (visit.has(2)) visit.join(visit.axis(2, 0), columns);
  if (!whole || !fits) visit.lock(columns, "unequal");
  else if (!visit.trace.heads) visit.lock(columns, "heads");
  else if (heads === 1) visit.lock(columns, "singleHead");
  else if (visit.has(4) || visit.hasOutput(1)) visit.lock(columns, "cache");
  else if (visit.has(5)) visit.lock(columns, "headBias");
  const out = valueBlocks(visit, columns, sizes, heads);
  visit.edit((cut) => {
    if (!cut.isCut(columns)) return;
    const left = (heads * cut.size(columns)) / columns.length;
    setAttribute(visit.node, makeInt("num_heads", left));
    if (given !== undefined) {
      setAttribute(
        visit.node,
        makeInts(
          "qkv_hidden_sizes",
          sizes.map((size) => (size / heads) * left),
        ),
      );
    }
  });
  return [[batch, visit.axis(0, 1), out]];
};

/** All columns of a head are one unit; the output has those of the values. */
function valueBlocks(visit: Visit, columns: Axis, sizes: readonly number[], heads: number): Axis {
  const starts = [0, sizes[0] ?? 0, (sizes[0] ?? 0) + (sizes[1] ?? 0)];
  visit.group(columns, (at) => {
    const part = at >= (starts[2] ?? 0) ? 2 : at >= (starts[1] ?? 0) ? 1 : 0;
    return Math.floor((at - (starts[part] ?? 0)) / ((sizes[part] ?? 1) / heads));
  });
  visit.produces(columns);
  const from = starts[2] ?? 0;
  return visit.trace.units.derive(columns.length - from, (position) => columns[from + position] ?? 0);
}

export const microsoftAttentionRules: Record<string, AxesRule> = { Attention: attention };
