import { dtypes } from "#engine/onnx/dtypes.ts";
import { info, maxValues, productOf, type TensorInfo, withValues } from "./info.ts";
import { tensorInfo } from "./tensor-info.ts";
import type { NodeView, Rule } from "./view.ts";

const float32 = dtypes.float32.code;

/** Constant in all its forms. */
const constant: Rule = (view) => {
  const tensor = view.tensor("value");
  if (tensor !== undefined) return [tensorInfo(tensor)];
  const sparse = view.node.attribute.find(({ name }) => name === "sparse_value")?.sparseTensor;
  if (sparse !== undefined) return [info(sparse.values?.dataType, sparse.dims)];
  const attribute = view.node.attribute.find(({ name }) => name.startsWith("value_"));
  switch (attribute?.name) {
    case "value_int":
      return [withValues(dtypes.int64.code, [], [Number(attribute.i ?? 0n)])];
    case "value_ints":
      return [withValues(dtypes.int64.code, [attribute.ints?.length ?? 0], view.ints("value_ints"))];
    case "value_float":
      return [withValues(float32, [], [attribute.f ?? 0])];
    case "value_floats":
      return [withValues(float32, [attribute.floats?.length ?? 0], attribute.floats ?? [])];
    case "value_string":
      return [info(dtypes.string.code, [])];
    case "value_strings":
      return [info(dtypes.string.code, [attribute.strings?.length ?? 0])];
    default:
      return [];
  }
};

const constantOfShape: Rule = (view) => {
  const shape = view.values(0);
  const fill: TensorInfo = tensorInfo(view.tensor("value")) ?? withValues(float32, [1], [0]);
  if (shape === undefined) {
    const rank = view.shape(0)?.[0];
    return [
      info(
        fill.dtype,
        typeof rank === "number" && rank <= maxValues ? new Array(rank).fill(undefined) : undefined,
      ),
    ];
  }
  const count = productOf(shape);
  const values =
    fill.values !== undefined && count !== undefined && count <= maxValues
      ? Array.from({ length: count }, () => fill.values?.[0])
      : undefined;
  return [withValues(fill.dtype, shape, values)];
};

/** Random tensors by attributes, or like another. */
function random(like: boolean): Rule {
  return (view) => [
    info(view.int("dtype") ?? (like ? view.dtype(0) : float32), like ? view.shape(0) : view.ints("shape")),
  ];
}

function upscaled(view: NodeView, scales: readonly number[] | undefined) {
  const shape = view.shape(0);
  return shape?.map((dim, axis) => {
    const scale = scales?.[axis];
    if (scale === 1) return dim;
    // ONNX Runtime multiplies in float32: 10 × 0.7 is 7 there, and 6.99… in float64.
    return scale !== undefined && typeof dim === "number" ? Math.floor(Math.fround(dim * scale)) : undefined;
  });
}

/** Resize 11+: X, roi, scales, sizes; Resize 10 and Upsample 9: X, scales; Upsample 7: attribute. */
const resize: Rule = (view) => {
  const shape = view.shape(0);
  const early = view.node.opType === "Upsample" || view.opset < 11;
  if (early)
    return [info(view.dtype(0), upscaled(view, view.has(1) ? view.numbers(1) : scalesAttribute(view)))];
  const axes = view.ints("axes");
  const sizes = view.has(3) ? view.values(3) : undefined;
  const keepsRatio = (view.string("keep_aspect_ratio_policy") || "stretch") !== "stretch";
  if (sizes !== undefined && !keepsRatio) {
    const at = axes ?? sizes.map((_, axis) => axis);
    return [
      info(
        view.dtype(0),
        shape?.map((dim, axis) => (at.includes(axis) ? sizes[at.indexOf(axis)] : dim)),
      ),
    ];
  }
  const given = view.has(2) ? view.numbers(2) : undefined;
  if (given === undefined || given.length === 0 || keepsRatio)
    return [
      info(
        view.dtype(0),
        shape?.map(() => undefined),
      ),
    ];
  const scales =
    axes === undefined
      ? given
      : shape?.map((_, axis) => (axes.includes(axis) ? (given[axes.indexOf(axis)] ?? 1) : 1));
  return [info(view.dtype(0), upscaled(view, scales))];
};

function scalesAttribute(view: NodeView): number[] | undefined {
  return view.node.attribute.find(({ name }) => name === "scales")?.floats;
}

const gridSample: Rule = (view) => {
  const [x, grid] = [view.shape(0), view.shape(1)];
  if (x === undefined || grid === undefined) return [info(view.dtype(0), undefined)];
  return [info(view.dtype(0), [x[0], x[1], ...grid.slice(1, -1)])];
};

export const sourceRules: Record<string, Rule> = {
  Constant: constant,
  ConstantOfShape: constantOfShape,
  RandomNormal: random(false),
  RandomUniform: random(false),
  RandomNormalLike: random(true),
  RandomUniformLike: random(true),
  Bernoulli: random(true),
  EyeLike: random(true),
  Resize: resize,
  Upsample: resize,
  GridSample: gridSample,
};
