import { indexModel, type Value } from "#engine/graph/index.ts";
import { topologicalOrder } from "#engine/graph/order.ts";
import { modelScopes, opsetVersions, type Scope } from "#engine/graph/scope.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import { elementCount } from "#engine/onnx/tensor.ts";
import { type Constant, isFloat32 } from "../constants.ts";
import { isStandard } from "../domains.ts";
import { foldConstant } from "../fold.ts";
import { detachInitializersFromInputs } from "../initializers.ts";
import type { Skip } from "../pass.ts";
import type { QuantizeStaticOptions } from "../quantize.static.schema.ts";
import { upgradeForStep } from "../upgrade-opset/index.ts";

/** QuantizeLinear and QLinearConv came with opset 10; ONNX Runtime's quantiser, too, raises what is below it to 11. */
const lowestOpset = 10;
const raisedOpset = 11;
/** DequantizeLinear has had an axis since opset 13. */
const perChannelOpset = 13;

/** Elements that are transposed into new tensors in all: more than any weights that fit beside the runtime. */
const maxTransposed = 2 ** 28;

/** Raises the opset where the format needs it. Gives the reason where that cannot be. */
export function raiseOpset(model: Model, options: QuantizeStaticOptions): Skip | undefined {
  if (options.per_channel && options.format === "qdq") return upgradeForStep(model, perChannelOpset);
  const opset = opsetVersions(model.opsetImport).get("") ?? raisedOpset;
  return opset < lowestOpset ? upgradeForStep(model, raisedOpset) : undefined;
}

/**
 * Puts nodes into topological order, makes initialisers of weights that nodes only hand on (Constant, Identity,
 * Transpose, …) and separates initialisers from inputs. What the model computes stays the same.
 *
 * @returns names that may have become unused
 */
export function settleWeights(model: Model): string[] {
  detachInitializersFromInputs(model);
  const scopes = modelScopes(model).filter(isCalibrated);
  for (const { body } of scopes) {
    const { sorted, cyclic } = topologicalOrder(body);
    if (cyclic.length === 0) body.node = sorted;
  }
  const index = indexModel(model);
  const released: string[] = [];
  const gone = new Set<Node>();
  let budget = maxTransposed;
  const places = index.scopes
    .filter(isCalibrated)
    .flatMap((scope) => scope.body.node.map((node) => ({ scope, node })));
  for (const { scope, node } of places) {
    for (const position of weightPositions(node)) {
      const name = node.input[position] ?? "";
      const value = index.resolve(scope, name);
      if (value === undefined || !isHandedOn(value) || gone.has(value.producer as Node)) continue;
      const constant = foldConstant(index, scope, name);
      if (constant === undefined || !isFloat32(constant.tensor)) continue;
      if (constant.value.initializer !== undefined && !constant.transposed) {
        // A tied weight: read at the source, it is quantised once.
        node.input = node.input.map((input, at) => (at === position ? constant.value.name : input));
        released.push(name);
        continue;
      }
      budget -= elementCount(constant.tensor.dims);
      if (budget < 0 || value.isOutput) continue;
      value.scope.graph?.initializer.push(settled(name, constant));
      if (value.producer !== undefined) gone.add(value.producer);
      released.push(...(value.producer?.input ?? []));
    }
  }
  for (const { body } of scopes) body.node = body.node.filter((node) => !gone.has(node));
  return released;
}

/** Inputs that must be initialisers to be quantised as weight or bias. */
function weightPositions(node: Node): readonly number[] {
  if (!isStandard(node)) return [];
  if (["Conv", "ConvTranspose", "Gemm"].includes(node.opType)) return [1, 2];
  return node.opType === "MatMul" ? [1] : [];
}

/** Graphs whose values can be looked at: the main graph and its subgraphs. */
export function isCalibrated({ kind, parent }: Scope): boolean {
  return kind === "main" || (kind === "subgraph" && parent !== undefined && isCalibrated(parent));
}

function isHandedOn(value: Value): boolean {
  return value.initializer === undefined && value.producer?.output.length === 1;
}

function settled(name: string, { tensor, transposed }: Constant): Tensor {
  if (!transposed) return { ...tensor, name };
  const [rows = 1, columns = 1] = tensor.dims;
  const data = readFloats(tensor);
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      out[column * rows + row] = data[row * columns + column] ?? 0;
    }
  }
  return makeTensor(name, "float32", [columns, rows], out);
}
