import { compressModel } from "#engine/compress.ts";
import { cloneStructure } from "#engine/graph/clone.ts";
import { decodeModel } from "#engine/onnx/decode.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { checkRecipe } from "#engine/recipes.ts";

/** Tensors below this are biases and scales, which clustering leaves alone. */
const fewElements = 1000;
const clusters = 16;

async function through(file: Uint8Array, step: object): Promise<Uint8Array | undefined> {
  const recipe = checkRecipe({ name: "bench", steps: [step] });
  const { outcome, model } = await compressModel(decodeModel(file), recipe);
  return outcome === "compressed" ? joinChunks(encodeModel(model)) : undefined;
}

/** Each weight takes the nearest of 16 values, evenly spread from its tensor's smallest to its largest. */
function cluster(file: Uint8Array): Uint8Array | undefined {
  const model: Model = cloneStructure(decodeModel(file));
  let changed = false;
  model.graph.initializer = model.graph.initializer.map((tensor) => {
    const size = tensor.dims.reduce((product, dim) => product * dim, 1);
    if (tensor.dataType !== 1 || size < fewElements) return tensor;
    const values = readFloats(tensor);
    const [low, high] = values.reduce(
      ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    );
    if (!(high > low)) return tensor;
    const step = (high - low) / (clusters - 1);
    changed = true;
    const nearest = Float32Array.from(values, (value) => low + Math.round((value - low) / step) * step);
    return makeTensor(tensor.name ?? "", "float32", tensor.dims, nearest);
  });
  return changed ? joinChunks(encodeModel(model)) : undefined;
}

/** What is done to a model before its sizes are counted; undefined where it cannot be done. */
export const variants: Readonly<
  Record<string, (file: Uint8Array) => Uint8Array | undefined | Promise<Uint8Array | undefined>>
> = {
  original: (file) => file,
  "prune 0.9": (file) => through(file, { use: "prune.magnitude", sparsity: 0.9 }),
  "16 values": cluster,
  "int8-dynamic": (file) => through(file, { use: "quantize.dynamic" }),
};
