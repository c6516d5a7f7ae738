import { dtypes } from "#engine/onnx/dtypes.ts";
import { einsumLabels } from "./einsum.ts";
import { broadcast, type Dim, info } from "./info.ts";
import type { NodeView, Rule } from "./view.ts";

/** NumPy's matmul: leading dimensions broadcast, a vector gains an axis that the result loses again. */
function matmulShape(a: readonly Dim[] | undefined, b: readonly Dim[] | undefined): Dim[] | undefined {
  if (a === undefined || b === undefined || a.length === 0 || b.length === 0) return undefined;
  const left = a.length === 1 ? [1, ...a] : a;
  const right = b.length === 1 ? [...b, 1] : b;
  const batch = broadcast([left.slice(0, -2), right.slice(0, -2)]);
  if (batch === undefined) return undefined;
  const rows = a.length === 1 ? [] : [left.at(-2)];
  const columns = b.length === 1 ? [] : [right.at(-1)];
  return [...batch, ...rows, ...columns];
}

function matmul(b: number, dtypeOf: (view: NodeView) => number | undefined): Rule {
  return (view) => [info(dtypeOf(view), matmulShape(view.shape(0), view.shape(b)))];
}

function swapLast(shape: readonly Dim[] | undefined, swap: boolean): readonly Dim[] | undefined {
  if (!swap || shape === undefined || shape.length < 2) return shape;
  return [...shape.slice(0, -2), shape.at(-1), shape.at(-2)];
}

const fusedMatmul: Rule = (view) => [
  info(
    view.dtype(0),
    matmulShape(
      swapLast(view.shape(0), view.int("transA") === 1),
      swapLast(view.shape(1), view.int("transB") === 1),
    ),
  ),
];

function gemm(b: number, dtypeOf: (view: NodeView) => number | undefined): Rule {
  return (view) => {
    const [x, w] = [view.shape(0), view.shape(b)];
    if (x?.length !== 2 || w?.length !== 2) return [info(dtypeOf(view), undefined)];
    return [info(dtypeOf(view), [x[view.int("transA") ? 1 : 0], w[view.int("transB") ? 0 : 1]])];
  };
}

const first = (view: NodeView) => view.dtype(0);
const float32 = () => dtypes.float32.code;

/** Weights [N, K/block, block·bits/8]: the output takes X's leading dimensions and N. */
const matmulNBits: Rule = (view) => {
  const x = view.shape(0);
  return [info(view.dtype(0), x === undefined ? undefined : [...x.slice(0, -1), view.int("N")])];
};

/** Letters of an Einsum equation per operand, and of its result; undefined where it uses "…". */
export function einsumTerms(equation: string): { inputs: string[]; output: string } | undefined {
  const text = equation.replace(/\s+/g, "");
  if (!/^[A-Za-z]*(,[A-Za-z]*)*(->[A-Za-z]*)?$/.test(text)) return undefined;
  const [left = "", right] = text.split("->");
  const inputs = left.split(",");
  if (right !== undefined) return { inputs, output: right };
  // Without an arrow the result has the letters that stand once, in order of the alphabet.
  const counts = new Map<string, number>();
  for (const letter of inputs.join("")) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  const single = [...counts].filter(([, count]) => count === 1).map(([letter]) => letter);
  return { inputs, output: single.sort().join("") };
}

/** Size of every letter, from the operands' shapes. */
export function einsumSizes(inputs: readonly string[], shapes: readonly (readonly Dim[] | undefined)[]) {
  const sizes = new Map<string, Dim>();
  inputs.forEach((term, operand) => {
    [...term].forEach((letter, axis) => {
      const dim = shapes[operand]?.[axis];
      const known = sizes.get(letter);
      if (known === undefined || known === 1 || (typeof known === "string" && typeof dim === "number")) {
        sizes.set(letter, dim);
      }
    });
  });
  return sizes;
}

/** Of an equation with an ellipsis, if the operands' ranks are known. */
function hiddenTerms(view: NodeView, equation: string) {
  const ranks = view.inputs.flatMap((input) => (input?.shape === undefined ? [] : [input.shape.length]));
  if (!equation.includes("...") || ranks.length < view.inputs.length) return undefined;
  const { inputs, output } = einsumLabels(equation, ranks);
  return { inputs: inputs.map((labels) => labels.join("")), output: output.join("") };
}

const einsum: Rule = (view) => {
  const equation = view.string("equation") ?? "";
  const terms = einsumTerms(equation) ?? hiddenTerms(view, equation);
  if (terms === undefined) return [info(view.dtype(0), undefined)];
  const sizes = einsumSizes(
    terms.inputs,
    view.inputs.map((input) => input?.shape),
  );
  return [
    info(
      view.dtype(0),
      [...terms.output].map((letter) => sizes.get(letter)),
    ),
  ];
};

/** com.microsoft.Attention: X [B, S, D], W [D, q + k + v] → [B, S, v]; present state [2, B, heads, total, D/heads]. */
function packedAttention(view: NodeView) {
  const [x, w, past] = [view.shape(0), view.shape(1), view.shape(4)];
  const width = view.ints("qkv_hidden_sizes")?.[2] ?? (typeof w?.[1] === "number" ? w[1] / 3 : undefined);
  const out = x === undefined ? undefined : [x[0], x[1], width];
  const [before, now] = [past === undefined ? 0 : past[3], x?.[1]];
  const total = typeof before === "number" && typeof now === "number" ? before + now : undefined;
  const heads = view.int("num_heads");
  const size = heads && typeof width === "number" ? width / heads : undefined;
  return [info(view.dtype(0), out), info(view.dtype(0), [2, x?.[0], heads, total, size])];
}

/** com.microsoft.EmbedLayerNormalization: ids [B, S] and a table [words, D] → [B, S, D]. */
const embed: Rule = (view) => {
  const [ids, table] = [view.shape(0), view.shape(2)];
  const out = ids === undefined ? undefined : [...ids, table?.[1]];
  return [info(view.dtype(2), out), info(dtypes.int32.code, [ids?.[0]]), info(view.dtype(2), out)];
};

/** Attention of opset 23: Y like Q with the value heads' width. Q is [B, H, S, D] or [B, S, H·D]. */
const attention: Rule = (view) => {
  const [q, v] = [view.shape(0), view.shape(2)];
  const dtype = view.dtype(0);
  if (view.node.domain === "com.microsoft") return packedAttention(view);
  if (q === undefined || v === undefined || q.length !== v.length) return [info(dtype, undefined)];
  if (q.length === 4) return [info(dtype, [q[0], q[1], q[2], v[3]])];
  const [heads, kvHeads] = [view.int("q_num_heads"), view.int("kv_num_heads")];
  const width = v[2];
  const out = heads && kvHeads && typeof width === "number" ? (width / kvHeads) * heads : undefined;
  return [info(dtype, [q[0], q[1], out])];
};

export const matrixRules: Record<string, Rule> = {
  MatMul: matmul(1, first),
  MatMulInteger: matmul(1, () => dtypes.int32.code),
  QLinearMatMul: matmul(3, (view) => view.dtype(7)),
  MatMulIntegerToFloat: matmul(1, float32),
  DynamicQuantizeMatMul: matmul(1, float32),
  MatMulNBits: matmulNBits,
  FusedMatMul: fusedMatmul,
  TransposeMatMul: fusedMatmul,
  Gemm: gemm(1, first),
  FusedGemm: gemm(1, first),
  QGemm: gemm(3, (view) => view.dtype(8) ?? float32()),
  Einsum: einsum,
  Attention: attention,
  EmbedLayerNormalization: embed,
};
