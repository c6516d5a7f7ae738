import type { Value } from "#engine/graph/index.ts";
import { type Dim, productOf, type TensorInfo } from "#engine/graph/shapes/info.ts";
import {
  intAttribute,
  intsAttribute,
  smallIntAttribute,
  smallIntsAttribute,
} from "#engine/onnx/attributes.ts";
import { dtypeOfCode, dtypes } from "#engine/onnx/dtypes.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Node, Tensor } from "#engine/onnx/model.ts";
import { readTensor } from "#engine/onnx/tensor.ts";
import { isStandard } from "../domains.ts";
import { constantAt, infoOf, inputOf, integersAt, outputInfo, type Site } from "./draft.ts";

/** The earlier value that the node's first output always equals, or undefined. */
export type IdentityRule = (site: Site) => Value | undefined;

const first: IdentityRule = (site) => inputOf(site, 0);

const when =
  (test: (site: Site) => boolean): IdentityRule =>
  (site) =>
    test(site) ? inputOf(site, 0) : undefined;

/** Equal in every run: numbers, or the same symbol of the same input. */
export function sameShape(a: readonly Dim[] | undefined, b: readonly Dim[] | undefined): boolean {
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  return a.every((dim, at) => dim !== undefined && dim === b[at]);
}

/** As `sameShape` for two shapes with equally many elements: one dimension follows from the others. */
function sameByCount(a: readonly Dim[] | undefined, b: readonly Dim[] | undefined): boolean {
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  const rest = a.filter((dim, at) => !(typeof dim === "number" && dim > 0 && dim === b[at]));
  return rest.length <= 1;
}

const dropout = when(({ node, opset, draft, scope }) => {
  if (opset < 7) return smallIntAttribute(node, "is_test") === 1;
  if (opset < 12 || (node.input[2] ?? "") === "") return true;
  const training = constantAt({ node, opset, draft, scope }, 2);
  return training !== undefined && isSplat(training, 0);
});

const cast = when((site) => {
  const to = site.opset < 6 ? undefined : intAttribute(site.node, "to");
  return to !== undefined && infoOf(site, 0)?.dtype === Number(to);
});

const castLike = when((site) => {
  const dtype = infoOf(site, 0)?.dtype;
  return dtype !== undefined && dtype === infoOf(site, 1)?.dtype;
});

const reshapes = new Set(["Reshape", "Flatten", "Squeeze", "Unsqueeze"]);
/** Reshaping nodes in a row that are looked through. */
const longestChain = 8;

/** Reshape, Flatten, Squeeze and Unsqueeze keep the order of elements: an equal shape anywhere before is the value. */
const reshape: IdentityRule = (site) => {
  const wanted = outputInfo(site)?.shape;
  let at: Site = site;
  for (let step = 0; step < longestChain; step++) {
    const source = inputOf(at, 0);
    if (source === undefined) return undefined;
    const shape = site.draft.info(at.scope, source.name)?.shape;
    if (sameShape(wanted, shape) || sameByCount(wanted, shape)) return source;
    const { producer } = source;
    if (producer === undefined || !isStandard(producer) || !reshapes.has(producer.opType)) return undefined;
    if (source.scope.body !== site.scope.body) return undefined;
    at = { ...at, node: producer };
    if (step === 0 && undoes(site, at)) return inputOf(at, 0);
  }
  return undefined;
};

/** Squeeze of what Unsqueeze just added, or the reverse, whatever the shape. */
function undoes(outer: Site, inner: Site): boolean {
  const pair = [outer.node.opType, inner.node.opType].sort().join();
  if (pair !== "Squeeze,Unsqueeze") return false;
  const [a, b] = [outer, inner].map((site) => integersAt(site, 1, "axes"));
  if (a === undefined || b === undefined || a.length === 0 || a.length !== b.length) return false;
  return [...a].sort().join() === [...b].sort().join();
}

export function permOf(site: Site): number[] | undefined {
  const perm = smallIntsAttribute(site.node, "perm");
  if (perm !== undefined) return perm;
  const rank = infoOf(site, 0)?.shape?.length;
  return rank === undefined ? undefined : Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
}

const transpose: IdentityRule = (site) => {
  const perm = permOf(site);
  if (perm?.every((axis, at) => axis === at)) return inputOf(site, 0);
  const source = inputOf(site, 0);
  const inner = source?.producer;
  if (inner?.opType !== "Transpose" || !isStandard(inner) || source?.scope.body !== site.scope.body)
    return undefined;
  const before = { ...site, node: inner };
  const both = composed(permOf(before), perm);
  return both?.every((axis, at) => axis === at) ? inputOf(before, 0) : undefined;
};

/** The one permutation that equals `inner` and then `outer`. */
export function composed(inner: readonly number[] | undefined, outer: readonly number[] | undefined) {
  if (inner === undefined || outer === undefined || inner.length !== outer.length) return undefined;
  const both = outer.map((axis) => inner[axis] ?? -1);
  return both.includes(-1) ? undefined : both;
}

const pad = when((site) => {
  const pads = site.opset < 11 ? intsAttribute(site.node, "pads")?.map(Number) : integersAt(site, 1, "pads");
  return pads?.every((size) => size === 0) ?? false;
});

/** ONNX writes "to the end" as a large number. */
const toTheEnd = 2 ** 31 - 1;

const slice = when((site) => {
  const [starts, ends] = [integersAt(site, 1, "starts"), integersAt(site, 2, "ends")];
  const stepped = site.opset >= 10 && (site.node.input[4] ?? "") !== "";
  const steps = stepped ? integersAt(site, 4, "") : starts?.map(() => 1);
  if (starts === undefined || ends?.length !== starts.length || steps === undefined) return false;
  if (steps.some((step) => step !== 1)) return false;
  // With steps of 1 nothing can be left out where the shape stays.
  if (sameShape(infoOf(site, 0)?.shape, outputInfo(site)?.shape)) return true;
  return starts.every((start, at) => start === 0 && (ends[at] ?? 0) >= toTheEnd);
});

const single = when(({ node }) => node.input.length === 1);
const expand = when((site) => sameShape(infoOf(site, 0)?.shape, outputInfo(site)?.shape));
const tile = when(
  (site) => site.opset >= 6 && (integersAt(site, 1, "")?.every((count) => count === 1) ?? false),
);

/** Whether every element is this number. */
export function isSplat(tensor: Tensor, wanted: number): boolean {
  const dtype = dtypeOfCode(tensor.dataType);
  if (dtype === undefined || dtypes[dtype].bits < 8 || dtype.startsWith("float8")) return false;
  if (["string", "complex64", "complex128"].includes(dtype)) return false;
  const values = dtypes[dtype].kind === "float" ? readFloats(tensor) : readTensor(tensor);
  for (const value of values) if (Number(value) !== wanted) return false;
  return true;
}

/** The other operand is one neutral number, and does not make the result larger. */
const neutral =
  (wanted: number, positions: readonly number[]): IdentityRule =>
  (site) => {
    if (site.opset < 7 || site.node.input.length !== 2) return undefined;
    for (const position of positions) {
      const tensor = constantAt(site, position);
      const other = infoOf(site, 1 - position);
      if (tensor === undefined || !keepsShape(tensor, other, outputInfo(site)) || !isSplat(tensor, wanted))
        continue;
      return inputOf(site, 1 - position);
    }
    return undefined;
  };

function keepsShape(tensor: Tensor, other: TensorInfo | undefined, result: TensorInfo | undefined): boolean {
  if (tensor.dims.length === 0) return true;
  const rank = other?.shape?.length;
  if (rank !== undefined && tensor.dims.length <= rank && productOf(tensor.dims) === 1) return true;
  return sameShape(other?.shape, result?.shape);
}

/** By operator. Each holds in every run, whatever the inputs, but for the sign of zero after an addition of zero. */
export const identityRules: Readonly<Record<string, IdentityRule>> = {
  Identity: first,
  Dropout: dropout,
  Cast: cast,
  CastLike: castLike,
  Reshape: reshape,
  Flatten: reshape,
  Squeeze: reshape,
  Unsqueeze: reshape,
  Transpose: transpose,
  Pad: pad,
  Slice: slice,
  Concat: single,
  Sum: single,
  Mean: single,
  Max: single,
  Min: single,
  Expand: expand,
  Tile: tile,
  Add: neutral(0, [0, 1]),
  Sub: neutral(0, [1]),
  Mul: neutral(1, [0, 1]),
  Div: neutral(1, [1]),
};

/** Nodes that give one result, or whose further results nobody asks for, are what the rules speak of. */
export function ruleFor(node: Node): IdentityRule | undefined {
  return Object.hasOwn(identityRules, node.opType) ? identityRules[node.opType] : undefined;
}
