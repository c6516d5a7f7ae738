import { EngineError } from "../error.ts";
import { decodeModel } from "../onnx/decode.ts";
import { defaultLimits } from "../onnx/limits.ts";
import type { Model } from "../onnx/model.ts";
import { skeletonOf } from "../onnx/skeleton.ts";
import { FileBytes, RandomFile } from "./file-bytes.ts";

/** Smaller files are read at once: nothing is gained by coming back for their weights. */
const leastLazyBytes = 1 << 23;

/** A model whose weights stay in its file until somebody asks for them. The file must stay as it is until it is closed. */
export interface OpenModel extends Disposable {
  readonly model: Model;
  readonly bytes: number;
}

/**
 * Opens an ONNX file. Weights of external files are not looked at.
 *
 * @throws EngineError as `decodeModel`, "file-failed", or "limit-exceeded" for a file of 2 GiB and more
 */
export function openModel(path: string): OpenModel {
  const file = new RandomFile(path);
  try {
    const { size } = file;
    if (size > defaultLimits.maxBytes) {
      throw new EngineError(
        "limit-exceeded",
        `The file has ${size} bytes, at most ${defaultLimits.maxBytes} are read; keep large weights as external data`,
        path,
      );
    }
    return { model: read(file), bytes: size, [Symbol.dispose]: () => file[Symbol.dispose]() };
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
}

function read(file: RandomFile): Model {
  const range = (offset: number, length: number) => file.read(offset, length);
  const skeleton = file.size < leastLazyBytes ? undefined : skeletonOf(file.size, range);
  if (skeleton === undefined) return decodeModel(range(0, file.size));
  const model = decodeModel(skeleton.bytes);
  model.graph.initializer.forEach((tensor, at) => {
    const left = skeleton.left[at];
    if (left !== undefined) tensor.rawData = new FileBytes(file, left.offset, left.length);
  });
  return model;
}
