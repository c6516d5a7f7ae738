import { makeTensor } from "#engine/onnx/make.ts";
import type { Tensor } from "#engine/onnx/model.ts";
import { readTensor, tensorDType } from "#engine/onnx/tensor.ts";

/** The tensor with only these positions of each axis, in order; undefined keeps an axis as it is. */
export function takePositions(tensor: Tensor, kept: readonly (Int32Array | undefined)[]): Tensor {
  const values = readTensor(tensor);
  if (Array.isArray(values)) return tensor;
  let bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const width = values.BYTES_PER_ELEMENT;
  const dims = [...tensor.dims];
  kept.forEach((positions, at) => {
    if (positions === undefined) return;
    const inner = dims.slice(at + 1).reduce((a, b) => a * b, width);
    const outer = dims.slice(0, at).reduce((a, b) => a * b, 1);
    const size = dims[at] ?? 1;
    const out = new Uint8Array(outer * positions.length * inner);
    let place = 0;
    for (let row = 0; row < outer; row++) {
      for (const position of positions) {
        const start = (row * size + position) * inner;
        out.set(bytes.subarray(start, start + inner), place);
        place += inner;
      }
    }
    bytes = out;
    dims[at] = positions.length;
  });
  const fresh = makeTensor(tensor.name ?? "", tensorDType(tensor), dims, bytes);
  return { ...fresh, docString: tensor.docString, metadataProps: tensor.metadataProps };
}
