import {
  findAttribute,
  makeInt,
  makeTensorAttribute,
  setAttribute,
  smallIntAttribute,
  tensorAttribute,
} from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { float16Array } from "#engine/onnx/floats.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Node, Tensor } from "#engine/onnx/model.ts";
import { toHalves } from "./convert.ts";

/** The float32 tensor that a Constant node holds, whichever attribute it uses. */
export function constantTensor(node: Node, name: string): Tensor | undefined {
  const tensor = tensorAttribute(node, "value");
  if (tensor !== undefined) return tensor.dataType === dtypes.float32.code ? tensor : undefined;
  const single = findAttribute(node, "value_float");
  if (single !== undefined) return makeTensor(name, "float32", [], Float32Array.of(single.f ?? 0));
  const list = findAttribute(node, "value_floats");
  if (list === undefined) return undefined;
  const values = Float32Array.from(list.floats ?? []);
  return makeTensor(name, "float32", [values.length], values);
}

/** Makes a node whose output type stands in an attribute give float16. */
export function retargetOutput(node: Node): void {
  if (node.opType === "Cast" && smallIntAttribute(node, "to") === dtypes.float32.code) {
    setAttribute(node, makeInt("to", dtypes.float16.code));
  }
  if (node.opType !== "ConstantOfShape") return;
  const value = tensorAttribute(node, "value");
  if (value !== undefined && value.dataType !== dtypes.float32.code) return;
  const bits = value === undefined ? float16Array([0]) : toHalves(readFloats(value)).bits;
  setAttribute(node, makeTensorAttribute("value", makeTensor(value?.name ?? "", "float16", [1], bits)));
}
