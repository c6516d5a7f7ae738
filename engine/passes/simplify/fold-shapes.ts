import type { Value } from "#engine/graph/index.ts";
import { topologicalOrder } from "#engine/graph/order.ts";
import type { TensorInfo } from "#engine/graph/shapes/info.ts";
import { smallIntAttribute } from "#engine/onnx/attributes.ts";
import { type DType, dtypeOfCode, dtypes } from "#engine/onnx/dtypes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Node, Tensor } from "#engine/onnx/model.ts";
import { isStandard } from "../domains.ts";
import { putConstant, removeNodes } from "./constants.ts";
import { type Draft, type GraphScope, isRead, type Part, reportName, tensorOf } from "./draft.ts";

/** Operators that shape inference computes exactly where all their inputs are integers. */
const exact = new Set(
  `Add Sub Mul Div Concat Gather Slice Split Squeeze Unsqueeze Reshape Flatten Transpose Expand Identity Min Max Where
  Equal Less LessOrEqual Greater GreaterOrEqual And Or Not Range ReduceSum ReduceProd ReduceMax ReduceMin
  ConstantOfShape Cast`.split(/\s+/),
);

/**
 * Shape arithmetic: integers that follow from constants and from dimensions that are the same in every run become
 * constants. It needs no runtime.
 */
export const foldShapes: Part = (draft) => {
  const known = new Map<Value, Tensor>();
  const gone = new Map<Node, GraphScope>();
  for (const scope of draft.scopes) {
    for (const node of topologicalOrder(scope.body).sorted) {
      if (!isStandard(node) || !follows(draft, scope, node, known)) continue;
      const outputs = node.output.map((name) => draft.index.values(scope).get(name));
      const tensors = outputs.map((value) => value && integerTensor(draft.info(scope, value.name)));
      outputs.forEach((value, at) => {
        const tensor = tensors[at];
        if (value !== undefined && tensor !== undefined) known.set(value, tensor);
      });
      if (outputs.every((value) => !isRead(value) || known.has(value as Value))) gone.set(node, scope);
    }
  }
  for (const [value, tensor] of known) {
    const { producer } = value;
    const scope = producer === undefined ? undefined : gone.get(producer);
    if (scope === undefined || producer === undefined) continue;
    const needed =
      value.isOutput || value.outputOf.length > 0 || value.uses.some(({ node }) => !gone.has(node));
    if (needed) putConstant(scope, value, tensor);
    const what = `${producer.opType} of dimensions and integers, now the constant [${tensor.dims.join()}]`;
    draft.log.changed("fold_constants", reportName(producer), what);
  }
  removeNodes(draft, new Set(gone.keys()));
};

/** Whether the outputs are integers that follow exactly from what is known. */
function follows(draft: Draft, scope: GraphScope, node: Node, known: ReadonlyMap<Value, Tensor>): boolean {
  // Shape and Size look at no contents.
  if (node.opType === "Shape" || node.opType === "Size") return true;
  if (!exact.has(node.opType)) return false;
  // Inference keeps contents in a cast: right between integers, not where they become true or false.
  if (node.opType === "Cast" && smallIntAttribute(node, "to") === dtypes.bool.code) return false;
  return node.input.every((name) => {
    const value = name === "" ? undefined : draft.index.resolve(scope, name);
    if (value === undefined) return name === "";
    return known.has(value) || isInteger(tensorOf(value));
  });
}

function isInteger(tensor: Tensor | undefined): boolean {
  return tensor !== undefined && integerTypes.has(dtypeOfCode(tensor.dataType) ?? "string");
}

const integerTypes = new Set<DType>(["int64", "int32", "bool"]);

/** The tensor of known integers; undefined where one is not known, or left the range in which arithmetic is exact. */
function integerTensor(info: TensorInfo | undefined): Tensor | undefined {
  const dtype = dtypeOfCode(info?.dtype);
  const { shape, values } = info ?? {};
  if (dtype === undefined || shape === undefined || values === undefined) return undefined;
  const dims: number[] = [];
  for (const dim of shape) {
    if (typeof dim !== "number") return undefined;
    dims.push(dim);
  }
  const numbers: number[] = [];
  for (const value of values) {
    if (typeof value !== "number" || !Number.isSafeInteger(value)) return undefined;
    numbers.push(value);
  }
  const within = (limit: number) => numbers.every((value) => value >= -limit && value < limit);
  if (dtype === "int64") return makeTensor("", "int64", dims, BigInt64Array.from(numbers, BigInt));
  if (dtype === "int32" && within(2 ** 31)) return makeTensor("", "int32", dims, Int32Array.from(numbers));
  if (dtype === "bool")
    return makeTensor(
      "",
      "bool",
      dims,
      Uint8Array.from(numbers, (value) => Number(value !== 0)),
    );
  return undefined;
}
