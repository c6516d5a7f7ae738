import { floatAttribute, smallIntAttribute, stringAttribute } from "#engine/onnx/attributes.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Node } from "#engine/onnx/model.ts";
import { own } from "#engine/own.ts";
import { clipsByItself } from "./clipping.ts";
import { activationParameters } from "./draft.ts";
import type { Marks } from "./marks.ts";

type Rule = (marks: Marks, node: Node) => void;

const at = (node: Node, position: number) => node.input[position] ?? "";
const out = (node: Node) => node.output[0] ?? "";

const everything: Rule = (marks, node) => {
  for (const name of [...node.input, ...node.output]) marks.activation(name);
};

const conv: Rule = (marks, node) => {
  marks.activation(at(node, 0));
  marks.activation(out(node));
  marks.weight(node, 1, node.opType === "Conv" ? 0 : 1);
  marks.bias(node);
};

const gemm: Rule = (marks, node) => {
  marks.activation(at(node, 0));
  marks.activation(out(node));
  marks.weight(node, 1, (smallIntAttribute(node, "transB") ?? 0) === 0 ? 1 : 0);
  marks.bias(node, floatAttribute(node, "alpha") ?? 1, floatAttribute(node, "beta") ?? 1);
};

const matmul: Rule = (marks, node) => {
  for (const [position, name] of [...node.input.entries()]) {
    const tensor = marks.draft.initializer(name);
    // Kernels take scales per column for matrices only.
    if (tensor !== undefined) marks.weight(node, position, tensor.dims.length === 2 ? 1 : undefined);
    else marks.activation(name);
  }
  marks.activation(out(node));
};

/** Relu and Clip go where the quantised range does their work. */
const removable: Rule = (marks, node) => {
  const [input, output] = [at(node, 0), out(node)];
  if (!marks.has(input)) return;
  if (tryRemove(marks, node)) marks.removed.add(node);
  else marks.activation(input);
  marks.activation(output);
};

function tryRemove(marks: Marks, node: Node): boolean {
  const { draft } = marks;
  const [input, output] = [at(node, 0), out(node)];
  if (draft.options.symmetric_activations || draft.options.keep_activations) return false;
  const value = draft.index.values(draft.scope).get(input);
  const producer = value?.producer;
  const parameters = activationParameters(draft, output);
  if (producer === undefined || parameters === undefined || !draft.ranges.has(input)) return false;
  if (value?.isOutput || value?.isInput || value?.outputOf.length || value?.uses.length !== 1) return false;
  // A subgraph goes on reading the value itself, which only this node clips.
  const result = draft.index.values(draft.scope).get(output);
  if (result?.outputOf.length || result?.uses.some((use) => use.scope !== draft.scope)) return false;
  if (!clipsByItself(draft, node, parameters)) return false;
  const maker = makerOf(marks, producer);
  if (maker === undefined) return false;
  maker.output = maker.output.map((name) => (name === input ? output : name));
  marks.tensors.delete(input);
  return true;
}

/** The node that makes a value by now: where one clip followed another, the first has handed its output on. */
function makerOf({ draft, removed }: Marks, producer: Node): Node | undefined {
  let maker: Node | undefined = producer;
  for (let step = 0; step <= removed.size && maker !== undefined && removed.has(maker); step++) {
    maker = draft.index.values(draft.scope).get(at(maker, 0))?.producer;
  }
  return maker;
}

/** Operators that only move values, or whose results stay within the range of their input. */
const direct: Rule = (marks, node) => {
  if (marks.has(at(node, 0))) marks.like(out(node), at(node, 0));
};

const since =
  (opset: number, rule: Rule): Rule =>
  (marks, node) => {
    if (marks.draft.opset >= opset) rule(marks, node);
  };

const gather: Rule = (marks, node) => {
  if (marks.draft.initializer(at(node, 0)) !== undefined) marks.activation(at(node, 0));
  direct(marks, node);
};

const split: Rule = (marks, node) => {
  marks.activation(at(node, 0));
  if (!marks.has(at(node, 0))) return;
  for (const name of node.output) marks.like(name, at(node, 0));
};

const pad: Rule = (marks, node) => {
  for (const name of node.input) marks.activation(name);
  if (!marks.has(at(node, 0))) return;
  if (staysInRange(marks, node)) marks.like(out(node), at(node, 0));
  else marks.activation(out(node));
};

/** Padding with 0 or with values of the input itself. */
function staysInRange(marks: Marks, node: Node): boolean {
  if ((stringAttribute(node, "mode") ?? "constant") !== "constant") return true;
  const name = at(node, 2);
  if (name === "") return (floatAttribute(node, "value") ?? 0) === 0;
  const tensor = marks.draft.initializer(name);
  return tensor !== undefined && readFloats(tensor)[0] === 0;
}

const where: Rule = (marks, node) => {
  if (marks.has(at(node, 1)) && marks.has(at(node, 2))) marks.activation(out(node));
};

const normalization: Rule = (marks, node) => {
  marks.activation(at(node, 0));
  marks.weight(node, 1, 1);
  marks.bias(node);
  for (const name of node.output) marks.activation(name);
};

/** Everything else: all inputs and outputs are quantised. */
const rules: Readonly<Record<string, Rule>> = {
  Conv: conv,
  ConvTranspose: conv,
  Gemm: gemm,
  MatMul: matmul,
  Relu: removable,
  Clip: removable,
  Reshape: direct,
  Transpose: direct,
  Squeeze: direct,
  Unsqueeze: direct,
  Slice: direct,
  AveragePool: direct,
  TopK: direct,
  Resize: since(11, direct),
  MaxPool: since(12, direct),
  Pad: pad,
  Split: split,
  Gather: gather,
  GatherElements: gather,
  Where: where,
  InstanceNormalization: normalization,
  LayerNormalization: normalization,
  BatchNormalization: normalization,
};

/** Marks what one node asks for, after the operators of ONNX Runtime's `QDQQuantizer`. */
export function markNode(marks: Marks, node: Node): void {
  (own(rules, node.opType) ?? everything)(marks, node);
}
