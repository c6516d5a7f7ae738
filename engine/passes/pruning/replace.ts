import type { ModelIndex } from "#engine/graph/index.ts";
import { makeTensorAttribute, setAttribute } from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { float16Array } from "#engine/onnx/floats.ts";
import { LazyBytes } from "#engine/onnx/lazy.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Tensor } from "#engine/onnx/model.ts";
import type { PrunableWeight } from "../prune-magnitude/weights.ts";

/**
 * A tensor with the new values and everything else of the old one, its type (float32 or float16) included.
 *
 * @param values lazy bytes are of that type already
 */
export function prunedTensor(tensor: Tensor, values: Float32Array | LazyBytes): Tensor {
  const { name = "", docString, metadataProps } = tensor;
  if (values instanceof LazyBytes)
    return { name, dims: tensor.dims, dataType: tensor.dataType, rawData: values, docString, metadataProps };
  const fresh =
    tensor.dataType === dtypes.float16.code
      ? makeTensor(name, "float16", tensor.dims, float16Array(values))
      : makeTensor(name, "float32", tensor.dims, values);
  return { ...fresh, docString, metadataProps };
}

/** Puts the new tensors in the places of the old ones: initialisers of any graph, and Constant nodes. */
export function replaceTensors(
  index: ModelIndex,
  weights: readonly Pick<PrunableWeight, "value" | "tensor">[],
  fresh: ReadonlyMap<Tensor, Tensor>,
): void {
  for (const { value, tensor } of weights) {
    const replacement = fresh.get(tensor);
    if (value.producer === undefined || replacement === undefined) continue;
    setAttribute(value.producer, makeTensorAttribute("value", replacement));
  }
  for (const { graph } of index.scopes) {
    if (graph === undefined) continue;
    graph.initializer = graph.initializer.map((tensor) => fresh.get(tensor) ?? tensor);
  }
}
