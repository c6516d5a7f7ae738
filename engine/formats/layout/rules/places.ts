import { axisOf } from "#engine/graph/shapes/info.ts";
import { findAttribute } from "#engine/onnx/attributes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import { readTensor } from "#engine/onnx/tensor.ts";
import type { Layout } from "../layout.ts";
import { inverse, type Perm, permuted } from "../perm.ts";
import { type LayoutRule, rewrite } from "../rule.ts";

/** Pads at both ends of every axis. */
export const pad: LayoutRule = (node, layout) => {
  const [x = "", given = "", ...rest] = node.input;
  const form = layout.forms.get(x);
  const pads = layout.integers(given);
  if (form === undefined || pads === undefined || (rest[1] ?? "") !== "") return false;
  const rank = form.perm.length;
  if (pads.length !== 2 * rank) return false;
  const back = inverse(form.perm);
  const moved = [...permuted(pads.slice(0, rank), back), ...permuted(pads.slice(rank), back)];
  const input = [form.source, layout.integerConstant(moved, `${given}_moved`), ...rest];
  rewrite(node, layout, input, form.perm);
  return true;
};

/** A number for every axis, such as the repetitions of Tile. */
export const tile: LayoutRule = (node, layout) => {
  const [x = "", given = ""] = node.input;
  const form = layout.forms.get(x);
  const repeats = layout.integers(given);
  if (form === undefined || repeats?.length !== form.perm.length) return false;
  const moved = layout.integerConstant(permuted(repeats, inverse(form.perm)), `${given}_moved`);
  rewrite(node, layout, [form.source, moved], form.perm);
  return true;
};

export const slice: LayoutRule = (node, layout) => {
  const [x = "", starts = "", ends = "", given = "", steps = ""] = node.input;
  const form = layout.forms.get(x);
  const count = layout.dims(starts)?.[0];
  if (form === undefined || typeof count !== "number") return false;
  const axes = given === "" ? Array.from({ length: count }, (_, axis) => axis) : layout.integers(given);
  const moved = axes?.map((axis) => form.perm[axisOf(axis, form.perm.length) ?? -1]);
  if (moved?.every((axis) => axis !== undefined) !== true) return false;
  const name = layout.integerConstant(moved as number[], `${starts}_axes`);
  const input = [form.source, starts, ends, name, ...(steps === "" ? [] : [steps])];
  rewrite(node, layout, input, form.perm);
  return true;
};

/** Scales or sizes for all axes; a region of interest is not looked at. */
export const resize: LayoutRule = (node, layout) => {
  const [x = "", roi = "", scales = "", sizes = ""] = node.input;
  const form = layout.forms.get(x);
  const isEmpty = roi === "" || layout.dims(roi)?.[0] === 0;
  if (form === undefined || !isEmpty || findAttribute(node, "axes") !== undefined) return false;
  const moved = [scales, sizes].map((name) => movedVector(layout, name, form.perm));
  if (moved.includes(undefined)) return false;
  const [newScales = "", newSizes = ""] = moved;
  const input = [form.source, roi, newScales, ...(sizes === "" ? [] : [newSizes])];
  rewrite(node, layout, input, form.perm);
  return true;
};

/** A constant with one entry for each axis, reordered; "" stays; undefined where it is not known. */
function movedVector(layout: Layout, name: string, perm: Perm): string | undefined {
  if (name === "" || layout.dims(name)?.[0] === 0) return name;
  const tensor = layout.constant(name);
  if (tensor?.dims.length !== 1 || tensor.dims[0] !== perm.length) return undefined;
  const values = readTensor(tensor);
  const moved = layout.unique(`${name}_moved`);
  const back = inverse(perm);
  if (values instanceof BigInt64Array) {
    const entries = BigInt64Array.from(back, (axis) => values[axis] ?? 1n);
    layout.graph.initializer.push(makeTensor(moved, "int64", [perm.length], entries));
    return moved;
  }
  if (!(values instanceof Float32Array)) return undefined;
  const entries = Float32Array.from(back, (axis) => values[axis] ?? 1);
  layout.graph.initializer.push(makeTensor(moved, "float32", [perm.length], entries));
  return moved;
}
