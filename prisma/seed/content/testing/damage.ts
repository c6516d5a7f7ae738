import { decodeModel } from "#engine/onnx/decode.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import { float16Array, fromFloat16 } from "#engine/onnx/floats.ts";
import { readFloats, setTensor } from "#engine/onnx/make.ts";
import { tensorDType } from "#engine/onnx/tensor.ts";

/** Rewrites every float32 weight of rank 2 or more, all of them at once. */
function rewrite(bytes: Uint8Array, change: (weights: Float32Array[]) => void): Uint8Array {
  const model = decodeModel(bytes);
  const tensors = model.graph.initializer.filter(
    (tensor) => tensor.dims.length > 1 && tensorDType(tensor) === "float32",
  );
  const weights = tensors.map((tensor) => readFloats(tensor).slice());
  change(weights);
  tensors.forEach((tensor, i) => {
    setTensor(tensor, "float32", tensor.dims, weights[i]!);
  });
  return joinChunks(encodeModel(model));
}

/** Sets the given share of all weights, those of smallest magnitude in the whole model, to zero. */
export function pruneSmallest(bytes: Uint8Array, share: number): Uint8Array {
  return rewrite(bytes, (weights) => {
    const magnitudes = Float32Array.from(weights.flatMap((values) => Array.from(values, Math.abs))).sort();
    const threshold = magnitudes[Math.floor(magnitudes.length * share)]!;
    for (const values of weights) {
      for (let i = 0; i < values.length; i++) if (Math.abs(values[i]!) < threshold) values[i] = 0;
    }
  });
}

/** Rounds each tensor to the 255 levels of a symmetric int8, one scale a tensor. */
export function roundToInt8(bytes: Uint8Array): Uint8Array {
  return rewrite(bytes, (weights) => {
    for (const values of weights) {
      const scale = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0) / 127;
      for (let i = 0; i < values.length; i++) values[i] = Math.round(values[i]! / scale) * scale;
    }
  });
}

/** Rounds each weight to the nearest float16. */
export function roundToFloat16(bytes: Uint8Array): Uint8Array {
  return rewrite(bytes, (weights) => {
    for (const values of weights) values.set(fromFloat16(float16Array(values)));
  });
}
