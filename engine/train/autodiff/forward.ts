import { EngineError } from "#engine/error.ts";
import { indexModel, type ModelIndex } from "#engine/graph/index.ts";
import { topologicalOrder } from "#engine/graph/order.ts";
import { inferShapes } from "#engine/graph/shapes/infer.ts";
import { isNumbers } from "#engine/graph/shapes/info.ts";
import type { Graph, Model, Node } from "#engine/onnx/model.ts";
import { quote } from "#engine/onnx/quote.ts";
import { findConstant } from "#engine/passes/constants.ts";
import type { Known } from "./operand.ts";

/** A model as the forward half of a training graph: its nodes in order, and every value with its shape. */
export class ForwardGraph {
  readonly model: Model;
  readonly nodes: readonly Node[];
  readonly #index: ModelIndex;
  readonly #info: (graph: Graph, name: string) => ReturnType<ReturnType<typeof inferShapes>["info"]>;

  /**
   * @param model with the main graph alone: local functions inlined
   * @param inputDims the shape of each input in every step
   */
  constructor(model: Model, inputDims: ReadonlyMap<string, readonly number[]>) {
    this.model = model;
    this.#index = indexModel(model);
    this.nodes = topologicalOrder(model.graph).sorted;
    const shapes = inferShapes(model, {
      strict: true,
      inputDim: (input, axis, dim) => inputDims.get(input)?.[axis] ?? dim,
    });
    this.#info = shapes.info;
  }

  /** @throws EngineError "not-differentiable" where its shape does not follow from those of the inputs */
  known(name: string): Known {
    const found = this.#info(this.model.graph, name);
    const [scope] = this.#index.scopes;
    const constant = scope && findConstant(this.#index, scope, name);
    const dims = found?.shape;
    if (dims === undefined || !isNumbers(dims)) {
      throw new EngineError(
        "not-differentiable",
        "Its shape is not known before the model runs",
        `value ${quote(name)}`,
      );
    }
    return {
      name,
      dims,
      dtype: found?.dtype,
      values: found?.values,
      tensor: constant?.transposed === false ? constant.tensor : undefined,
    };
  }
}
