import { makeInt } from "#engine/onnx/attributes.ts";
import type { LiteTensor } from "../reader/lite-model.ts";
import type { GraphWriter } from "./graph-writer.ts";
import { type IntegerForm, innerForm, integerArray, integerForm, isShifted } from "./integers.ts";

/** Inputs of int8 become uint8: a pair that rounds nothing, since both have the same scale. */
export function enter(writer: GraphWriter): void {
  for (const index of writer.graph.inputs) {
    const tensor = writer.graph.tensors[index];
    if (tensor !== undefined && isShifted(tensor))
      pair(
        writer,
        tensor,
        [writer.outerName(tensor), integerForm(tensor)],
        [writer.name(tensor), innerForm(tensor)],
      );
  }
}

/** An output of int8 is made of uint8. */
export function leave(writer: GraphWriter, tensor: LiteTensor, name: string): void {
  pair(writer, tensor, [writer.value(tensor), innerForm(tensor)], [name, integerForm(tensor)]);
}

type End = readonly [name: string, form: IntegerForm | undefined];

function pair(writer: GraphWriter, tensor: LiteTensor, [from, read]: End, [to, written]: End): void {
  if (read === undefined || written === undefined) return;
  const name = writer.name(tensor);
  const numbers = writer.fresh(`${name}/numbers`);
  const axis = read.scales.length === 1 ? [] : [makeInt("axis", read.axis)];
  writer.add("DequantizeLinear", [from, ...constants(writer, name, read)], [numbers], axis);
  writer.add("QuantizeLinear", [numbers, ...constants(writer, name, written)], [to], axis);
}

/**
 * Scale and zero point of a pair as constants. Zero points of the same numbers are the same constant, but for int8, which
 * kernels have: where ONNX Runtime 1.30 turns kernels into uint8 (`session.x64quantprecision`) it fails on shared ones.
 */
export function constants(writer: GraphWriter, name: string, form: IntegerForm): readonly string[] {
  const key = `${form.type} ${name}`;
  const known = writer.parameters.get(key);
  if (known !== undefined) return known;
  const dims = form.scales.length === 1 ? [] : [form.scales.length];
  if (form.type === "int16") writer.needsOpset(21);
  const [zero = 0] = form.zeroPoints;
  const isShared = form.type !== "int8" && form.zeroPoints.every((each) => each === zero);
  const zeroName = isShared ? `${form.type}_${[zero, ...dims].join("_")}` : `${name}/zero_point`;
  const made = [
    writer.constant(`${name}/scale`, "float32", dims, Float32Array.from(form.scales)),
    writer.constant(zeroName, form.type, dims, integerArray(form.type, form.zeroPoints)),
  ];
  writer.parameters.set(key, made);
  return made;
}
