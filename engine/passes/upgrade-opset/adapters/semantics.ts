import {
  floatAttribute,
  makeFloat,
  makeInt,
  makeNode,
  makeString,
  removeAttribute,
  setAttribute,
  smallIntAttribute,
  stringAttribute,
} from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Node } from "#engine/onnx/model.ts";
import { own } from "#engine/own.ts";
import { say } from "#engine/say.ts";
import {
  type Adapter,
  type AdapterCall,
  constantOf,
  float32Constant,
  isRead,
  refuse,
  typeOf,
} from "../adapter.ts";

/**
 * Softmax 13 (LogSoftmax, Hardmax): until 12 the input was flattened to a matrix at `axis` (1 by default) and the
 * function taken over its rows; from 13 on it is taken along `axis` alone. For the last axis both are the same, else
 * the flattening is written out.
 */
export const softmax13: Adapter = (call) => {
  const { node } = call;
  const axis = smallIntAttribute(node, "axis") ?? 1;
  const { rank } = typeOf(call, node.input[0] ?? "");
  if (axis === -1 || (rank !== undefined && axis === rank - 1)) {
    setAttribute(node, makeInt("axis", -1));
    return [node];
  }
  const input = node.input[0] ?? "";
  const output = node.output[0] ?? "";
  const [flat, rows, shape] = ["flat", "rows", "shape"].map((suffix) => call.name(`${output}_${suffix}`));
  if (flat === undefined || rows === undefined || shape === undefined) return [node];
  setAttribute(node, makeInt("axis", -1));
  node.input = [flat];
  node.output = [rows];
  return [
    makeNode("Flatten", [input], [flat], { attribute: [makeInt("axis", axis)] }),
    node,
    makeNode("Shape", [input], [shape]),
    makeNode("Reshape", [rows, shape], [output]),
  ];
};

/** Resize nodes that were Upsample, which only ever enlarges. */
const enlarging = new WeakSet<Node>();

/** Upsample became Resize, which first had the same two inputs. */
export const upsample10: Adapter = ({ node }) => {
  node.opType = "Resize";
  enlarging.add(node);
  return [node];
};

/**
 * Resize 11: a region input, and the coordinates of Resize 10 and Upsample must be asked for. "nearest" meant rounding
 * down where an axis grows and up where it shrinks (ONNX Runtime, `ResizeNearestMode::SIMPLE`); now it is one for all.
 */
export const resize11: Adapter = (call) => {
  const { node } = call;
  if ((stringAttribute(node, "mode") ?? "nearest") === "nearest") {
    setAttribute(node, makeString("nearest_mode", nearestMode(call)));
  }
  const [roi, name] = float32Constant(call, "roi", []);
  node.input = [node.input[0] ?? "", name, node.input[1] ?? ""];
  setAttribute(node, makeString("coordinate_transformation_mode", "asymmetric"));
  return [roi, node];
};

/** Resize 13: scales and sizes exclude each other (until then an empty list stood for none), and one mode is gone. */
export const resize13: Adapter = ({ node, version }) => {
  if (stringAttribute(node, "coordinate_transformation_mode") === "tf_half_pixel_for_nn") {
    refuse(node, version, say("upgrade-opset.coordinates"));
  }
  if ((node.input[3] ?? "") !== "")
    node.input = [node.input[0] ?? "", node.input[1] ?? "", "", node.input[3] ?? ""];
  return [node];
};

function nearestMode(call: AdapterCall): string {
  if (enlarging.has(call.node)) return "floor";
  const tensor = constantOf(call, call.node.input[1] ?? "");
  if (tensor === undefined) refuse(call.node, call.version, say("upgrade-opset.scalesComputed"));
  const scales = [...readFloats(tensor)];
  if (scales.every((scale) => scale >= 1)) return "floor";
  if (scales.every((scale) => scale <= 1)) return "ceil";
  return refuse(call.node, call.version, say("upgrade-opset.growsAndShrinks"));
}

/** Upsample 7: two scales became a list. */
export const upsample7: Adapter = ({ node }) => {
  const height = floatAttribute(node, "height_scale") ?? 1;
  const width = floatAttribute(node, "width_scale") ?? 1;
  for (const name of ["height_scale", "width_scale"]) removeAttribute(node, name);
  setAttribute(node, { name: "scales", floats: [1, 1, height, width], type: 6 });
  // The old operator called its mode "bilinear".
  if (stringAttribute(node, "mode") === "bilinear") setAttribute(node, makeString("mode", "linear"));
  return [node];
};

export const scatter11: Adapter = ({ node }) => {
  node.opType = "ScatterElements";
  return [node];
};

/** RoiAlign 16: the default of the coordinates changed. */
export const roiAlign16: Adapter = ({ node }) => {
  setAttribute(node, makeString("coordinate_transformation_mode", "output_half_pixel"));
  return [node];
};

/** GridSample 20: two modes were renamed. */
export const gridSample20: Adapter = ({ node }) => {
  const renamed: Record<string, string> = { bilinear: "linear", bicubic: "cubic" };
  const mode = own(renamed, stringAttribute(node, "mode") ?? "bilinear");
  if (mode !== undefined) setAttribute(node, makeString("mode", mode));
  return [node];
};

/** Cast 6: the type was named, then numbered. */
export const cast6: Adapter = (call) => {
  const { node } = call;
  const names: Record<string, number> = {
    FLOAT: dtypes.float32.code,
    DOUBLE: dtypes.float64.code,
    FLOAT16: dtypes.float16.code,
    INT8: dtypes.int8.code,
    INT16: dtypes.int16.code,
    INT32: dtypes.int32.code,
    INT64: dtypes.int64.code,
    UINT8: dtypes.uint8.code,
    UINT16: dtypes.uint16.code,
    UINT32: dtypes.uint32.code,
    UINT64: dtypes.uint64.code,
    BOOL: dtypes.bool.code,
  };
  const code = own(names, (stringAttribute(node, "to") ?? "").toUpperCase());
  if (code === undefined) refuse(node, call.version, say("upgrade-opset.targetUnknown"));
  setAttribute(node, makeInt("to", code));
  return [node];
};

/** Concat 4: the axis must be said; it was 1. */
export const concat4: Adapter = ({ node }) => {
  if (smallIntAttribute(node, "axis") === undefined) setAttribute(node, makeInt("axis", 1));
  return [node];
};

/** Selu 6: the constants got more digits; a model that relied on the old ones keeps them. */
export const selu6: Adapter = ({ node }) => {
  removeAttribute(node, "consumed_inputs");
  if (floatAttribute(node, "alpha") === undefined) setAttribute(node, makeFloat("alpha", 1.6732));
  if (floatAttribute(node, "gamma") === undefined) setAttribute(node, makeFloat("gamma", 1.0507));
  return [node];
};

/** LpPool 2, GlobalLpPool 2: p became an integer. */
export const lpPool2: Adapter = (call) => {
  const p = floatAttribute(call.node, "p") ?? 2;
  if (!Number.isInteger(p))
    refuse(call.node, call.version, say("upgrade-opset.fractionalNorm", { p: String(p) }));
  setAttribute(call.node, makeInt("p", p));
  return [call.node];
};

/** Dropout 10: the mask, once a float, became a boolean. */
export const dropout10: Adapter = (call) => {
  if (isRead(call, call.node.output[1])) refuse(call.node, call.version, say("upgrade-opset.maskUsed"));
  call.node.output = call.node.output.slice(0, 1);
  return [call.node];
};

/** Attributes without meaning when a model is run. */
export function dropAttributes(...names: string[]): Adapter {
  return ({ node }) => {
    for (const name of names) removeAttribute(node, name);
    return [node];
  };
}
