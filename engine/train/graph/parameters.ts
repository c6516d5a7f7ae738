import { indexModel, type ModelIndex, type Value } from "#engine/graph/index.ts";
import { makeTensorAttribute, setAttribute } from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { byteView } from "#engine/onnx/make.ts";
import type { Model, Tensor } from "#engine/onnx/model.ts";
import { elementCount } from "#engine/onnx/tensor.ts";
import { own } from "#engine/own.ts";
import { findConstant } from "#engine/passes/constants.ts";
import { isFakeQuantize } from "../quantize/fake-quantize.ts";

/** A tensor of the model that training may change. */
export interface TrainableTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly tensor: Tensor;
  /** A matrix or kernel, which weight decay is for; not a bias or a parameter of normalisation. */
  readonly decays: boolean;
}

/** Inputs that hold statistics, not weights: running means and variances follow the data by a rule of their own. */
const statistics: Readonly<Record<string, readonly number[]>> = { BatchNormalization: [3, 4] };

/**
 * The float32 tensors of the main graph that have more than one value and are not frozen, in the order in which nodes read
 * them. Single numbers are constants of a formula (the √2 of an exported Gelu), not weights; but for the factor of a scale
 * that learns.
 *
 * @param frozen names of tensors, or of nodes whose tensors stay as they are
 * @returns also the names that mean nothing in this model
 */
export function trainableTensors(
  model: Model,
  frozen: readonly string[] = [],
): { trainable: TrainableTensor[]; unknown: string[] } {
  const index = indexModel(model);
  const held = new Set(frozen);
  const met = new Set<string>();
  const found = new Map<string, TrainableTensor>();
  const excluded = new Set<string>();
  for (const node of model.graph.node) {
    if (node.name) met.add(node.name);
    node.input.forEach((name, position) => {
      const weight = weightBehind(index, name, isFakeQuantize(node) && position === 1 ? 1 : 2);
      if (weight === undefined) return;
      const { tensor } = weight;
      const of = weight.value.name;
      met.add(of);
      const isStatistic = own(statistics, node.opType)?.includes(position) === true;
      const isFrozen = held.has(of) || (node.name !== undefined && held.has(node.name));
      if (isStatistic || isFrozen) excluded.add(of);
      found.set(of, {
        name: of,
        dims: tensor.dims,
        tensor,
        decays: tensor.dims.filter((dim) => dim > 1).length > 1,
      });
    });
  }
  const trainable = [...found.values()].filter(({ name }) => !excluded.has(name));
  return { trainable, unknown: frozen.filter((name) => !met.has(name)) };
}

/** @param least values that it must have */
function weightBehind(
  index: ModelIndex,
  name: string,
  least: number,
): { value: Value; tensor: Tensor } | undefined {
  const [scope] = index.scopes;
  const constant = scope && name !== "" ? findConstant(index, scope, name) : undefined;
  if (constant === undefined || constant.value.scope !== scope) return undefined;
  const { tensor, value } = constant;
  const isWeight = tensor.dataType === dtypes.float32.code && elementCount(tensor.dims) >= least;
  return isWeight ? { value, tensor } : undefined;
}

/** Puts new values into the places of trained tensors: initialisers, and Constant nodes. */
export function withValues(model: Model, values: ReadonlyMap<string, Float32Array>): Model {
  const renewed = (tensor: Tensor, fresh: Float32Array): Tensor => {
    const { name, dims, dataType, docString, metadataProps } = tensor;
    return { name, dims, dataType, rawData: byteView(fresh.slice()), docString, metadataProps };
  };
  const initializer = model.graph.initializer.map((tensor) => {
    const fresh = values.get(tensor.name ?? "");
    return fresh === undefined ? tensor : renewed(tensor, fresh);
  });
  const node = model.graph.node.map((old) => {
    const fresh = old.opType === "Constant" ? values.get(old.output[0] ?? "") : undefined;
    const tensor = old.attribute.find(({ name }) => name === "value")?.t;
    if (fresh === undefined || tensor === undefined) return old;
    const changed = { ...old, attribute: [...old.attribute] };
    setAttribute(changed, makeTensorAttribute("value", renewed(tensor, fresh)));
    return changed;
  });
  return { ...model, graph: { ...model.graph, initializer, node } };
}
