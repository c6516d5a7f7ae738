import type { Value } from "#engine/graph/index.ts";
import { topologicalOrder } from "#engine/graph/order.ts";
import { type Dim, isNumbers, type TensorInfo } from "#engine/graph/shapes/info.ts";
import { smallIntAttribute } from "#engine/onnx/attributes.ts";
import { dtypeOfCode, dtypes } from "#engine/onnx/dtypes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Node, Tensor } from "#engine/onnx/model.ts";
import { say } from "#engine/say.ts";
import { isStandard } from "../domains.ts";
import { reportName } from "../pass.ts";
import { putConstant, removeNodes } from "./constants.ts";
import { type Draft, type GraphScope, isRead, type Part, tensorOf } from "./draft.ts";

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
  const sound = new Set<Value>();
  const known = new Map<Value, Tensor>();
  const gone = new Map<Node, GraphScope>();
  for (const scope of draft.scopes) {
    for (const node of topologicalOrder(scope.body).sorted) {
      if (!isStandard(node) || !follows(draft, scope, node, sound)) continue;
      const outputs = node.output.flatMap((name) => draft.index.values(scope).get(name) ?? []);
      for (const value of outputs) {
        const info = draft.info(scope, value.name);
        if (!isSound(info)) continue;
        sound.add(value);
        const tensor = integerTensor(info);
        if (tensor !== undefined) known.set(value, tensor);
      }
      if (outputs.every((value) => !isRead(value) || known.has(value))) gone.set(node, scope);
    }
  }
  for (const [value, tensor] of known) {
    const { producer } = value;
    const scope = producer === undefined ? undefined : gone.get(producer);
    if (scope === undefined || producer === undefined) continue;
    const needed =
      value.isOutput || value.outputOf.length > 0 || value.uses.some(({ node }) => !gone.has(node));
    if (needed) putConstant(scope, value, tensor);
    const what = say("simplify.shapeFolded", { op: producer.opType, values: tensor.dims.join() });
    draft.log.changed("fold_constants", reportName(producer), what);
  }
  removeNodes(draft, new Set(gone.keys()));
};

/** Whether the outputs are integers of which inference knows nothing but what is exact. */
function follows(draft: Draft, scope: GraphScope, node: Node, sound: ReadonlySet<Value>): boolean {
  // Shape and Size look at no contents.
  if (node.opType === "Shape" || node.opType === "Size") return true;
  if (!exact.has(node.opType)) return false;
  // Inference keeps contents in a cast: right between integers, not where they become true or false.
  if (node.opType === "Cast" && smallIntAttribute(node, "to") === dtypes.bool.code) return false;
  return node.input.every((name) => {
    const value = name === "" ? undefined : draft.index.resolve(scope, name);
    if (value === undefined) return name === "";
    if (sound.has(value)) return true;
    const tensor = tensorOf(value);
    return tensor !== undefined && isSound(draft.constantInfo(tensor));
  });
}

/** Bounds within which every result of integer arithmetic is the same here and in the type itself. */
const bounds: ReadonlyMap<number | undefined, number> = new Map([
  [dtypes.int64.code, Number.MAX_SAFE_INTEGER],
  [dtypes.int32.code, 2 ** 31 - 1],
  [dtypes.bool.code, 1],
]);

/** Integers, each of them not known or within the range in which arithmetic is exact. */
function isSound(info: TensorInfo | undefined): boolean {
  const bound = bounds.get(info?.dtype);
  if (bound === undefined) return false;
  const fits = (value: Dim) =>
    typeof value !== "number" || (Number.isSafeInteger(value) && Math.abs(value) <= bound);
  return info?.values?.every(fits) ?? true;
}

/** The tensor, where all of its integers are known. */
function integerTensor(info: TensorInfo | undefined): Tensor | undefined {
  const dtype = dtypeOfCode(info?.dtype);
  const { shape, values } = info ?? {};
  if (shape === undefined || values === undefined || !isNumbers(shape) || !isNumbers(values))
    return undefined;
  if (dtype === "int64") return makeTensor("", dtype, [...shape], BigInt64Array.from(values, BigInt));
  if (dtype === "int32") return makeTensor("", dtype, [...shape], Int32Array.from(values));
  return dtype === "bool" ? makeTensor("", dtype, [...shape], Uint8Array.from(values)) : undefined;
}
