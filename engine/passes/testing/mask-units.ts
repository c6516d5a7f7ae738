import { cloneStructure } from "#engine/graph/clone.ts";
import { indexModel } from "#engine/graph/index.ts";
import { makeTensorAttribute, setAttribute } from "#engine/onnx/attributes.ts";
import { float16Array } from "#engine/onnx/floats.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Model, Tensor } from "#engine/onnx/model.ts";
import { readTensor } from "#engine/onnx/tensor.ts";
import { isRemark } from "#engine/say.ts";
import { findConstant } from "../constants.ts";
import { detachInitializersFromInputs } from "../initializers.ts";
import type { PruneStructuredOptions } from "../prune.structured.schema.ts";
import { planPruning } from "../prune-structured/plan.ts";
import type { Axes, Units } from "../prune-structured/units.ts";
import { randomFloats } from "./build.ts";

/**
 * The model as it is, except that every weight of the units that structured pruning would remove is zero: the units
 * make nothing and nobody reads them, so that the pruned model must compute the same. Undefined where nothing would go.
 */
export function maskUnits(model: Model, options: PruneStructuredOptions): Model | undefined {
  const masked = cloneStructure(model);
  const index = indexModel(masked);
  const { plan } = planPruning(masked, index, options);
  if (isRemark(plan)) return undefined;
  const { trace, removed } = plan;
  const fresh = new Map<Tensor, Tensor>();
  for (const constant of trace.constants.all) {
    if (!trace.isWeight(constant)) continue;
    const { value, tensor, axes } = constant;
    const zeroed = zeroUnits(tensor, axes, trace.units, removed);
    fresh.set(tensor, zeroed);
    if (value.producer !== undefined) setAttribute(value.producer, makeTensorAttribute("value", zeroed));
  }
  for (const { graph } of index.scopes) {
    if (graph !== undefined) graph.initializer = graph.initializer.map((entry) => fresh.get(entry) ?? entry);
  }
  return masked;
}

function zeroUnits(tensor: Tensor, axes: Axes, units: Units, removed: ReadonlySet<number>): Tensor {
  const values = readFloats(tensor).slice();
  axes.forEach((axis, at) => {
    if (axis === undefined) return;
    const inner = tensor.dims.slice(at + 1).reduce((a, b) => a * b, 1);
    for (let index = 0; index < values.length; index++) {
      const position = axis[Math.floor(index / inner) % axis.length] ?? 0;
      if (removed.has(units.find(position))) values[index] = 0;
    }
  });
  return tensor.dataType === 10
    ? makeTensor(tensor.name ?? "", "float16", tensor.dims, float16Array(values))
    : makeTensor(tensor.name ?? "", "float32", tensor.dims, values);
}

/**
 * Some models of others are published without their weights: ConstantOfShape makes tensors of one value in their place.
 * This puts random weights there, so that units differ.
 */
export function withRandomWeights(model: Model): Model {
  const full = cloneStructure(model);
  detachInitializersFromInputs(full);
  const index = indexModel(full);
  const main = index.scopes[0];
  if (main === undefined) return full;
  full.graph.node = full.graph.node.filter((node, at) => {
    const shape = findConstant(index, main, node.input[0] ?? "")?.tensor;
    if (node.opType !== "ConstantOfShape" || shape === undefined) return true;
    const dims = Array.from(readTensor(shape), Number);
    const count = dims.reduce((a, b) => a * b, 1);
    const fan = count / (dims[0] ?? 1);
    const values = randomFloats(count, at + 1, Math.sqrt(3 / fan));
    // A vector is a bias or a parameter of a normalisation; variances must not be negative.
    if (dims.length < 2)
      values.forEach((value, place) => {
        values[place] = 0.5 + value / 4;
      });
    const name = node.output[0] ?? "";
    full.graph.initializer.push(makeTensor(name, "float32", dims, values));
    return false;
  });
  return full;
}
