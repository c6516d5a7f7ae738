import { smallIntAttribute, stringAttribute } from "#engine/onnx/attributes.ts";
import type { MacRule } from "./macs.ts";
import type { NodeVisit } from "./shapes/infer.ts";
import { type Dim, productOf } from "./shapes/info.ts";
import { einsumSizes, einsumTerms } from "./shapes/matrix.ts";

const noShape = "a shape is not known";

/** Product of the factors, or the reason where one is missing. */
function product(...factors: readonly (Dim | readonly Dim[])[]): number | string {
  return productOf(factors.flat()) ?? noShape;
}

function shape(visit: NodeVisit, input: number): readonly Dim[] | undefined {
  return visit.inputs[input]?.shape;
}

function output(visit: NodeVisit): readonly Dim[] | undefined {
  return visit.outputs[0]?.shape;
}

/** Output elements × weights of one output channel: W is [M, C/group, kernel…]. */
export function convolutionMacs(weight: number): MacRule {
  return (visit) => {
    const [y, w] = [output(visit), shape(visit, weight)];
    if (y === undefined || w === undefined) return noShape;
    return y.includes(0) ? "its input is smaller than its kernel" : product(y, w.slice(1));
  };
}

/** Every input element meets the weights of its group: W is [C, M/group, kernel…]. */
export const transposedMacs: MacRule = (visit) => {
  const [x, w] = [shape(visit, 0), shape(visit, 1)];
  return x === undefined || w === undefined ? noShape : product(x, w.slice(1));
};

/** Output elements × the inner size. */
export const matmulMacs: MacRule = (visit) => {
  const [a, y] = [shape(visit, 0), output(visit)];
  if (a === undefined || y === undefined) return noShape;
  const transposed = smallIntAttribute(visit.node, "transA") === 1;
  return product(y, transposed ? a.at(-2) : a.at(-1));
};

export const gemmMacs: MacRule = (visit) => {
  const [a, y] = [shape(visit, 0), output(visit)];
  if (a === undefined || y === undefined) return noShape;
  return product(y, a[smallIntAttribute(visit.node, "transA") ? 0 : 1]);
};

export const nbitsMacs: MacRule = (visit) => {
  const y = output(visit);
  return y === undefined ? noShape : product(y, smallIntAttribute(visit.node, "K"));
};

/** One multiplication less than operands for each combination of letters; two operands are the usual case. */
export const einsumMacs: MacRule = (visit) => {
  const terms = einsumTerms(stringAttribute(visit.node, "equation") ?? "");
  if (terms === undefined) return "its equation uses an ellipsis";
  const shapes = visit.inputs.map((input) => input?.shape);
  return product([...einsumSizes(terms.inputs, shapes).values()], Math.max(1, terms.inputs.length - 1));
};

/** `gates` matrix products of input and state in each step, direction and sample: gates·hidden·(in + hidden). */
export function recurrentMacs(gates: number): MacRule {
  return (visit) => {
    const x = shape(visit, 0);
    const hidden = smallIntAttribute(visit.node, "hidden_size") ?? shape(visit, 2)?.[2];
    const directions = stringAttribute(visit.node, "direction") === "bidirectional" ? 2 : 1;
    if (x?.length !== 3 || typeof hidden !== "number" || typeof x[2] !== "number") return noShape;
    return product(x[0], x[1], directions, gates * hidden * (x[2] + hidden));
  };
}

/** com.microsoft.Attention: the product with the packed weights, then scores and values over past and present. */
export const packedAttentionMacs: MacRule = (visit) => {
  const [x, w, past, y] = [shape(visit, 0), shape(visit, 1), shape(visit, 4), output(visit)];
  if (!x || !w || !y) return noShape;
  const before = past === undefined ? 0 : past[3];
  const [batch, now, packed, width] = [x[0], x[1], productOf(w), y[2]];
  if (typeof batch !== "number" || typeof now !== "number" || typeof before !== "number") return noShape;
  if (packed === undefined || typeof width !== "number") return noShape;
  return batch * now * packed + 2 * batch * now * (before + now) * width;
};

/** Attention of opset 23: scores (heads·q·k·d) and their product with the values (heads·q·k·dv). */
export const attentionMacs: MacRule = (visit) => {
  const [q, k, v, past] = [shape(visit, 0), shape(visit, 1), shape(visit, 2), shape(visit, 4)];
  if (q === undefined || k === undefined || v === undefined || q.length !== k.length) return noShape;
  const before = past === undefined ? 0 : past[2];
  const [queries, keys, width, valueWidth] =
    q.length === 4
      ? [productOf([q[0], q[1], q[2]]), k[2], q[3], v[3]]
      : [productOf([q[0], q[1]]), k[1], q[2], grouped(visit, v[2])];
  if (typeof keys !== "number" || typeof before !== "number") return noShape;
  if (typeof width !== "number" || typeof valueWidth !== "number") return noShape;
  return product(queries, keys + before, width + valueWidth);
};

/** Width of all value heads as the queries see them: grouped attention repeats each value head. */
function grouped(visit: NodeVisit, width: Dim): Dim {
  const heads = smallIntAttribute(visit.node, "q_num_heads");
  const shared = smallIntAttribute(visit.node, "kv_num_heads");
  return heads && shared && typeof width === "number" ? (width / shared) * heads : undefined;
}
