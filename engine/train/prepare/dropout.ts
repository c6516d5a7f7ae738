import { EngineError } from "#engine/error.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import { nodePlace } from "#engine/graph/scope.ts";
import { makeInt, makeNode } from "#engine/onnx/attributes.ts";
import { makeValue } from "#engine/onnx/build.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import { isStandard } from "#engine/passes/domains.ts";
import { ForwardGraph } from "../autodiff/forward.ts";

/** A mask that a step of training is fed: see `fillMask`. */
export interface DropoutMask {
  /** Of the input. */
  readonly name: string;
  readonly dims: readonly number[];
  readonly ratio: number;
}

/**
 * Replaces every Dropout of the main graph by a product with a mask, which becomes an input of the graph: ONNX Runtime's
 * own random numbers could not go on where a training stopped. A ratio of 0 changes nothing, so that nothing is fed.
 *
 * @param model changed in place; opset 12 or later
 * @param inputDims the shape of each input in every step
 * @throws EngineError "not-differentiable" where the ratio or the shape is not known before the model runs
 */
export function maskDropout(model: Model, inputDims: ReadonlyMap<string, readonly number[]>): DropoutMask[] {
  const { graph } = model;
  const isDropout = (node: Node) => node.opType === "Dropout" && isStandard(node);
  if (!graph.node.some(isDropout)) return [];
  const forward = new ForwardGraph(model, inputDims);
  const unique = uniqueNames(model);
  const masks: DropoutMask[] = [];
  graph.node = graph.node.flatMap((node) => {
    if (!isDropout(node)) return [node];
    const [data = "", ratioName = ""] = node.input;
    const [result = "", kept = ""] = node.output;
    const ratio = ratioOf(node, ratioName === "" ? undefined : forward.known(ratioName).tensor, ratioName);
    // Without its other inputs, the operator hands on what it gets.
    if (ratio === 0) return [{ ...node, input: [data] }];
    const mask = { name: unique(`${result}_mask`), dims: forward.known(data).dims, ratio };
    masks.push(mask);
    graph.input.push(makeValue(mask.name, "float32", mask.dims));
    const product = makeNode("Mul", [data, mask.name], [result], { name: node.name });
    if (kept === "") return [product];
    // The second output says which values stay.
    const attribute = [makeInt("to", dtypes.bool.code)];
    return [product, makeNode("Cast", [mask.name], [kept], { name: unique(`${result}_kept`), attribute })];
  });
  return masks;
}

function ratioOf(node: Node, tensor: Tensor | undefined, name: string): number {
  if (name === "") return 0.5;
  const [ratio] = tensor === undefined ? [] : readFloats(tensor);
  if (ratio !== undefined && ratio >= 0 && ratio < 1) return ratio;
  const reason =
    ratio === undefined ? "its ratio is not known before the model runs" : `its ratio is ${ratio}`;
  throw new EngineError(
    "not-differentiable",
    `Dropout cannot be trained through: ${reason}`,
    nodePlace(node),
  );
}
