import { axisOf } from "#engine/graph/shapes/info.ts";
import { makeInt, smallIntAttribute } from "#engine/onnx/attributes.ts";
import { commonPerm, counterparts } from "../align.ts";
import { type LayoutRule, rewrite, withAttributes } from "../rule.ts";

/** Operators that look at one place at a time, with the broadcasting of NumPy. */
export const elementwiseOps: readonly string[] = [
  ...["Abs", "Ceil", "Celu", "Clip", "Cos", "Elu", "Erf", "Exp", "Floor", "Gelu", "HardSigmoid", "HardSwish"],
  ...[
    "LeakyRelu",
    "Log",
    "Mish",
    "Neg",
    "Not",
    "Reciprocal",
    "Relu",
    "Round",
    "Selu",
    "Sigmoid",
    "Sign",
    "Sin",
  ],
  ...["Softplus", "Softsign", "Sqrt", "Tanh", "ThresholdedRelu", "Cast", "Identity"],
  ...["Add", "And", "Div", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Max", "Mean", "Min"],
  ...["Mod", "Mul", "Or", "Pow", "PRelu", "Sub", "Sum", "Where", "Xor"],
];

export const elementwise: LayoutRule = (node, layout) => {
  const perm = commonPerm(node, layout);
  if (perm === undefined) return false;
  rewrite(node, layout, counterparts(node, layout, perm), perm);
  return true;
};

/** QuantizeLinear and DequantizeLinear: a scale for all, or one for each position of an axis. */
export const quantization: LayoutRule = (node, layout) => {
  const [x = "", scale = "", ...rest] = node.input;
  const form = layout.forms.get(x);
  const [scales, rank] = [layout.dims(scale), layout.dims(x)?.length];
  if (form === undefined || scales === undefined || rank === undefined || scales.length > 1) return false;
  const isWhole = scales.length === 0 || scales[0] === 1;
  const axis = axisOf(smallIntAttribute(node, "axis") ?? 1, rank);
  const moved = axis === undefined ? undefined : form.perm[axis];
  if (!isWhole && moved === undefined) return false;
  const attribute = isWhole ? node.attribute : withAttributes(node, makeInt("axis", moved ?? 0));
  rewrite(node, layout, [form.source, scale, ...rest], form.perm, attribute);
  return true;
};
