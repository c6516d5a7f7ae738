import { dtypes } from "#engine/onnx/dtypes.ts";
import { broadcast, type Dim, info, isNumbers, productOf, type TensorInfo, withValues } from "./info.ts";
import type { NodeView, Rule } from "./view.ts";

const bool = dtypes.bool.code;

/** Shape and type of the first input, contents not kept. */
const same: Rule = (view) => [info(view.dtype(0), view.shape(0))];

const sameOps =
  "Relu LeakyRelu Sigmoid Tanh Elu Selu Celu HardSigmoid HardSwish Softplus Softsign ThresholdedRelu Gelu Mish " +
  "Swish Exp Log Sqrt Abs Neg Sign Reciprocal Erf Sin Cos Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh Clip " +
  "Softmax LogSoftmax Hardmax LRN InstanceNormalization LpNormalization MeanVarianceNormalization " +
  "GroupNormalization RMSNormalization SimplifiedLayerNormalization CumSum Trilu BitwiseNot Shrink ReverseSequence " +
  "ScatterElements ScatterND Scatter TensorScatter RotaryEmbedding QuickGelu FastGelu BiasGelu PRelu Round " +
  "ParametricSoftplus ImageScaler ThresholdedRelu Affine ScaledTanh QLinearSigmoid QLinearLeakyRelu QLinearSoftmax";

/** opset 1 to 6 broadcast only where an attribute says so, and always to the first input's shape. */
function outputShape(view: NodeView): readonly Dim[] | undefined {
  if (view.opset < 7 && view.node.domain !== "com.microsoft") return view.shape(0);
  return broadcast(view.inputs.map((input) => input?.shape));
}

/** Contents after an operation on contents, broadcasting a single element only. */
function combine(
  view: NodeView,
  operation: (a: number, b: number) => number,
  shape: readonly Dim[] | undefined,
): readonly Dim[] | undefined {
  const [a, b] = [view.values(0), view.values(1)];
  const count = shape === undefined ? undefined : productOf(shape);
  if (a === undefined || b === undefined || count === undefined) return undefined;
  if ((a.length !== count && a.length !== 1) || (b.length !== count && b.length !== 1)) return undefined;
  return Array.from({ length: count }, (_, at) => {
    const left = a.length === 1 ? a[0] : a[at];
    const right = b.length === 1 ? b[0] : b[at];
    if (typeof left === "number" && typeof right === "number") return operation(left, right);
    return keepSymbol(view.node.opType, left, right);
  });
}

/** A symbol survives where the operation cannot change it. */
function keepSymbol(opType: string, left: Dim, right: Dim): Dim {
  const neutral =
    opType === "Mul" || opType === "Div" ? 1 : opType === "Add" || opType === "Sub" ? 0 : undefined;
  if (neutral === undefined) return undefined;
  if (right === neutral) return left;
  return left === neutral && (opType === "Mul" || opType === "Add") ? right : undefined;
}

function binary(operation?: (a: number, b: number, integer: boolean) => number): Rule {
  return (view) => {
    const shape = outputShape(view);
    const dtype = view.dtype(0) ?? view.dtype(1);
    if (operation === undefined || shape === undefined) return [info(dtype, shape)];
    const integer =
      dtype !== dtypes.float32.code && dtype !== dtypes.float64.code && dtype !== dtypes.float16.code;
    return [
      withValues(
        dtype,
        shape,
        combine(view, (a, b) => operation(a, b, integer), shape),
      ),
    ];
  };
}

function comparison(operation?: (a: number, b: number) => boolean): Rule {
  return (view) => {
    const shape = outputShape(view);
    if (operation === undefined || shape === undefined) return [info(bool, shape)];
    return [
      withValues(
        bool,
        shape,
        combine(view, (a, b) => (operation(a, b) ? 1 : 0), shape),
      ),
    ];
  };
}

function variadic(operation?: (values: readonly number[]) => number): Rule {
  return (view) => {
    const shape = broadcast(view.inputs.map((input) => input?.shape));
    const dtype = view.dtype(0);
    const lists = view.inputs.map((input) => input?.values);
    if (operation === undefined || shape === undefined || !lists.every(isNumbers))
      return [info(dtype, shape)];
    const count = productOf(shape);
    if (lists.some((list) => list.length !== count)) return [info(dtype, shape)];
    const values = Array.from({ length: count ?? 0 }, (_, at) =>
      operation(lists.map((list) => list[at] ?? 0)),
    );
    return [withValues(dtype, shape, values)];
  };
}

/** Same shape, contents mapped. */
function mapped(operation: (value: number) => number): Rule {
  return (view) => {
    const input = view.inputs[0];
    if (input?.shape === undefined) return same(view);
    const values = input.values?.map((value) => (typeof value === "number" ? operation(value) : undefined));
    return [withValues(input.dtype, input.shape, values)];
  };
}

const where: Rule = (view) => {
  const shape = broadcast([view.shape(0), view.shape(1), view.shape(2)]);
  const dtype = view.dtype(1) ?? view.dtype(2);
  const [test, yes, no] = [view.values(0), view.values(1), view.values(2)];
  if (shape === undefined || !test || !yes || !no) return [info(dtype, shape)];
  const count = productOf(shape);
  // Contents are followed where they are one value or as many as the result has: no broadcasting among several axes.
  if ([test, yes, no].some((list) => list.length !== 1 && list.length !== count)) return [info(dtype, shape)];
  const pick = (list: readonly Dim[], at: number) => (list.length === 1 ? list[0] : list[at]);
  const values = Array.from({ length: count ?? 0 }, (_, at) => {
    const condition = pick(test, at);
    const [a, b] = [pick(yes, at), pick(no, at)];
    if (typeof condition !== "number") return a === b ? a : undefined;
    return condition !== 0 ? a : b;
  });
  return [withValues(dtype, shape, values)];
};

const identity: Rule = (view) => [view.inputs[0]];

const dropout: Rule = (view) => {
  const input = view.inputs[0];
  // Before opset 12 the mask has the type of the data.
  const mask = info(view.opset >= 12 ? bool : view.dtype(0), view.shape(0));
  return [input, mask];
};

/** Cast keeps contents: integers beyond 2^53 and float rounding do not occur in shapes. */
function cast(dtypeOf: (view: NodeView) => number | undefined): Rule {
  return (view) => {
    const input = view.inputs[0];
    const dtype = dtypeOf(view);
    if (input?.shape === undefined) return [info(dtype, undefined)];
    const whole = dtype === dtypes.int64.code || dtype === dtypes.int32.code;
    const values = input.values?.map((value) =>
      typeof value === "number" && whole ? Math.trunc(value) : value,
    );
    return [withValues(dtype, input.shape, values)];
  };
}

function castTarget(view: NodeView): number | undefined {
  // Opset 1 to 5 gave the type by name.
  const attribute = view.node.attribute.find(({ name }) => name === "to");
  return attribute?.i === undefined ? undefined : Number(attribute.i);
}

const boolUnary: Rule = (view) => [info(bool, view.shape(0))];

/** BatchNormalization, LayerNormalization and such: Y like X; further outputs only where the spec fixes them. */
const batchNorm: Rule = (view) => {
  const scale: TensorInfo = info(view.dtype(3) ?? view.dtype(1), view.shape(1));
  return [info(view.dtype(0), view.shape(0)), scale, scale, scale, scale];
};

const layerNorm: Rule = (view) => {
  const shape = view.shape(0);
  const axis = view.int("axis") ?? -1;
  const from = shape === undefined ? 0 : axis < 0 ? axis + shape.length : axis;
  const statistics = info(
    dtypes.float32.code,
    shape?.map((dim, at) => (at >= from ? 1 : dim)),
  );
  return [info(view.dtype(0), shape), statistics, statistics];
};

/** Output, mean, inverse deviation, and the sum that was normalised. */
const skipNorm: Rule = (view) => {
  const like = info(view.dtype(0), view.shape(0));
  return [like, undefined, undefined, like];
};

const truncated = (a: number, b: number, integer: boolean) => (integer ? Math.trunc(a / b) : a / b);

export const elementwiseRules: Record<string, Rule> = {
  ...Object.fromEntries(sameOps.split(" ").map((op) => [op, same])),
  ...Object.fromEntries(
    "BitShift BitwiseAnd BitwiseOr BitwiseXor Pow".split(" ").map((op) => [op, binary()]),
  ),
  ...Object.fromEntries("QLinearAdd QLinearMul".split(" ").map((op) => [op, qlinearBinary])),
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: binary((a, b, integer) => (b === 0 ? Number.NaN : truncated(a, b, integer))),
  Mod: binary(),
  And: comparison((a, b) => a !== 0 && b !== 0),
  Or: comparison((a, b) => a !== 0 || b !== 0),
  Xor: comparison(),
  Equal: comparison((a, b) => a === b),
  Less: comparison((a, b) => a < b),
  LessOrEqual: comparison((a, b) => a <= b),
  Greater: comparison((a, b) => a > b),
  GreaterOrEqual: comparison((a, b) => a >= b),
  Not: (view) => [info(bool, view.shape(0))],
  IsNaN: boolUnary,
  IsInf: boolUnary,
  Max: variadic((values) => Math.max(...values)),
  Min: variadic((values) => Math.min(...values)),
  Sum: variadic(),
  Mean: variadic(),
  Floor: mapped(Math.floor),
  Ceil: mapped(Math.ceil),
  Where: where,
  Identity: identity,
  Dropout: dropout,
  Cast: cast(castTarget),
  CastLike: cast((view) => view.dtype(1)),
  BatchNormalization: batchNorm,
  LayerNormalization: layerNorm,
  SkipLayerNormalization: skipNorm,
  SkipSimplifiedLayerNormalization: skipNorm,
};

function qlinearBinary(view: NodeView) {
  return [info(view.dtype(0), broadcast([view.shape(0), view.shape(3)]))];
}
