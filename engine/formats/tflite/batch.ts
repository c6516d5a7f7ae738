import { readInputs } from "./live.ts";
import type { LiteGraph, LiteOperator, LiteTensor } from "./reader/lite-model.ts";
import { optionTables, readOptions } from "./reader/options.ts";
import { wholeNumbers } from "./writer/constants.ts";

/** What is known of an operator while it is judged. */
interface Case {
  readonly operator: LiteOperator;
  readonly tensor: (at: number) => LiteTensor | undefined;
  readonly isComputed: (at: number) => boolean;
  /** Dimensions of the first result. */
  readonly rank: number;
}

type Rule = (found: Case) => boolean;

const always: Rule = () => true;

/** Computed inputs have all the dimensions of the result, so that their first is its first. */
const aligned: Rule = ({ operator, tensor, isComputed, rank }) =>
  operator.inputs.every((_, at) => !isComputed(at) || tensor(at)?.shape.length === rank);

/** The constants at these places are what they are; the first input is the image or the rows. */
const onFirst: Rule = ({ operator, isComputed }) =>
  operator.inputs.every((_, at) => isComputed(at) === (at === 0));

const lastAxis: Rule = ({ rank }) => rank > 1;

function list(found: Case, at: number): number[] | undefined {
  const tensor = found.tensor(at);
  return tensor?.data === undefined ? undefined : wholeNumbers(tensor);
}

/** None of the axes is the first. */
function axesBehind(at: number, of = 0): Rule {
  return (found) => {
    const rank = found.tensor(of)?.shape.length ?? 0;
    return list(found, at)?.every((axis) => (axis < 0 ? axis + rank : axis) > 0) ?? false;
  };
}

/** The constant list begins so. */
function beginsWith(at: number, ...values: number[]): Rule {
  return (found) => {
    const known = list(found, at);
    return known !== undefined && values.every((value, item) => known[item] === value);
  };
}

const concatenation: Rule = (found) => {
  const { axis } = readOptions(found.operator.options, optionTables.concatenation);
  return (
    (axis < 0 ? axis + found.rank : axis) > 0 && found.operator.inputs.every((_, at) => found.isComputed(at))
  );
};

const pack: Rule = (found) => {
  const { axis } = readOptions(found.operator.options, optionTables.pack);
  return (
    (axis < 0 ? axis + found.rank : axis) > 0 && found.operator.inputs.every((_, at) => found.isComputed(at))
  );
};

const unpack: Rule = (found) => {
  const { axis } = readOptions(found.operator.options, optionTables.unpack);
  return (axis < 0 ? axis + (found.tensor(0)?.shape.length ?? 0) : axis) > 0;
};

const gather: Rule = (found) => {
  const { axis } = readOptions(found.operator.options, optionTables.gather);
  const front = axis < 0 ? axis + (found.tensor(0)?.shape.length ?? 0) : axis;
  return found.isComputed(0) ? front > 0 && !found.isComputed(1) : front === 0;
};

/** The places of the ones are a new axis, which must not be the first. */
const oneHot: Rule = (found) =>
  onFirst(found) && readOptions(found.operator.options, optionTables.oneHot).axis !== 0;

const slice: Rule = (found) => {
  const size = list(found, 2)?.[0];
  return list(found, 1)?.[0] === 0 && (size === 1 || size === -1);
};

const stridedSlice: Rule = (found) => {
  const options = readOptions(found.operator.options, optionTables.stridedSlice);
  if (((options.newAxisMask | options.shrinkAxisMask) & 1) !== 0) return false;
  const isFirst = (options.beginMask & 1) !== 0 || list(found, 1)?.[0] === 0;
  const end = list(found, 2)?.[0] ?? 0;
  return isFirst && ((options.endMask & 1) !== 0 || end >= 1) && list(found, 3)?.[0] === 1;
};

/** A computed right side has a batch of its own; a constant one is the same for each item. */
const batchMatMul: Rule = (found) => {
  const [x, y] = [found.tensor(0)?.shape.length ?? 0, found.tensor(1)?.shape.length ?? 0];
  if (!found.isComputed(0)) return false;
  if (found.isComputed(1)) return x === y && x > 2;
  const { adjointX } = readOptions(found.operator.options, optionTables.batchMatMul);
  return x > 2 ? y <= x : adjointX === 0 && y === 2;
};

const lstm: Rule = ({ operator }) => readOptions(operator.options, optionTables.sequenceLstm).timeMajor === 0;

const named = (rule: Rule, names: string): [string, Rule][] => names.split(/\s+/).map((name) => [name, rule]);

/** Operators that treat the items of a batch each by itself, and when. Whatever is not here does not. */
const rules: ReadonlyMap<string, Rule> = new Map([
  ...named(always, "RESHAPE SQUEEZE EXPAND_DIMS CAST QUANTIZE DEQUANTIZE LOGICAL_NOT"),
  ...named(
    always,
    `ABS CEIL COS ELU EXP FLOOR GELU HARD_SWISH LEAKY_RELU LOG LOGISTIC NEG RELU RELU6 RELU_0_TO_1 RELU_N1_TO_1 ROUND
    RSQRT SIGN SIN SQRT SQUARE TANH AVERAGE_POOL_2D MAX_POOL_2D L2_POOL_2D LOCAL_RESPONSE_NORMALIZATION ZEROS_LIKE SPACE_TO_DEPTH DEPTH_TO_SPACE`,
  ),
  ...named(
    aligned,
    `ADD ADD_N SUB MUL DIV FLOOR_DIV FLOOR_MOD MAXIMUM MINIMUM POW PRELU SQUARED_DIFFERENCE EQUAL NOT_EQUAL LESS
    LESS_EQUAL GREATER GREATER_EQUAL LOGICAL_AND LOGICAL_OR SELECT SELECT_V2`,
  ),
  ...named(onFirst, "CONV_2D DEPTHWISE_CONV_2D FULLY_CONNECTED RESIZE_BILINEAR RESIZE_NEAREST_NEIGHBOR"),
  ...named(lastAxis, "SOFTMAX LOG_SOFTMAX L2_NORMALIZATION"),
  ...named(
    axesBehind(1),
    "MEAN SUM REDUCE_MAX REDUCE_MIN REDUCE_PROD REDUCE_ANY REDUCE_ALL ARG_MAX ARG_MIN CUMSUM REVERSE_V2",
  ),
  ...named(beginsWith(1, 0), "TRANSPOSE"),
  ...named(beginsWith(1, 1), "TILE"),
  ...named(beginsWith(1, 0, 0), "PAD PADV2 MIRROR_PAD"),
  ["TRANSPOSE_CONV", ({ isComputed }) => !isComputed(0) && !isComputed(1) && isComputed(2)],
  ["TOPK_V2", (found) => onFirst(found) && (found.tensor(0)?.shape.length ?? 0) > 1],
  ["ONE_HOT", oneHot],
  ["SPLIT", axesBehind(0, 1)],
  ["SPLIT_V", axesBehind(2)],
  ["CONCATENATION", concatenation],
  ["PACK", pack],
  ["UNPACK", unpack],
  ["GATHER", gather],
  ["EMBEDDING_LOOKUP", ({ isComputed }) => isComputed(0) && !isComputed(1)],
  ["SLICE", slice],
  ["STRIDED_SLICE", stridedSlice],
  ["BATCH_MATMUL", batchMatMul],
  ["UNIDIRECTIONAL_SEQUENCE_LSTM", lstm],
]);

/**
 * Whether the first dimension can be open: it is 1 in every input and in all that is computed of them, and every operator
 * treats the items along it each by itself, so that the graph for one item, taken over many, gives each its result.
 *
 * @returns what stands in the way: the place of an operator or tensor; undefined where nothing does
 */
export function batchObstacle(graph: LiteGraph, operators: readonly LiteOperator[]): string | undefined {
  const computed = new Set(graph.inputs);
  const makers = new Map(operators.flatMap((operator) => operator.outputs.map((index) => [index, operator])));
  const isItem = (tensor: LiteTensor | undefined) =>
    tensor !== undefined && tensor.shape[0] === 1 && !tensor.shape.includes(0);
  for (const index of graph.inputs) {
    const tensor = graph.tensors[index];
    if (tensor === undefined || !isItem(tensor)) return tensor?.place ?? "inputs";
  }
  for (const operator of operators) {
    // What follows from constants alone is one.
    if (!readInputs(operator).some((index) => computed.has(index))) continue;
    for (const index of operator.outputs) {
      computed.add(index);
      if (!isItem(graph.tensors[index])) return operator.place;
    }
    const tensor = (at: number) => graph.tensors[operator.inputs[at] ?? -1];
    const found: Case = {
      operator,
      tensor,
      isComputed: (at) => computed.has(operator.inputs[at] ?? -1),
      rank: graph.tensors[operator.outputs[0] ?? -1]?.shape.length ?? 0,
    };
    if (rules.get(operator.name)?.(found) !== true) return operator.place;
  }
  const constant = graph.outputs.find((index) => !computed.has(index) || !makers.has(index));
  return constant === undefined ? undefined : (graph.tensors[constant]?.place ?? "outputs");
}
