import { EngineError } from "../error.ts";
import { decodeModel } from "../onnx/decode.ts";
import { type ExternalFiles, externalLocations, loadExternalData } from "../onnx/external.ts";
import { defaultLimits } from "../onnx/limits.ts";
import type { Model } from "../onnx/model.ts";
import { skeletonOf } from "../onnx/skeleton.ts";
import { externalFilesBeside } from "./external-files.ts";
import { FileBytes, RandomFile } from "./file-bytes.ts";

/** Smaller files are read at once: nothing is gained by coming back for their weights. */
const leastLazyBytes = 1 << 23;

/** A model whose weights stay in its files until somebody asks for them. They must stay as they are until it is closed. */
export interface OpenModel extends Disposable {
  readonly model: Model;
  /** Of the file and of what the model uses of its external data. */
  readonly bytes: number;
  readonly externalBytes: number;
  /** Names of the files beside the model that its external data lies in. */
  readonly externalFiles: readonly string[];
}

/** For files that stand alone, such as those of the store, which have their hashes for names. */
export const nothingBeside: ExternalFiles = { open: () => undefined };

/**
 * Opens an ONNX file with its external data.
 *
 * @param beside where external data is looked for, by default the folder of the file
 * @throws EngineError as `decodeModel` and `loadExternalData`, "file-failed", or "limit-exceeded" for a file of 2 GiB and
 *   more
 */
export function openModel(path: string, beside?: ExternalFiles): OpenModel {
  using opening = new DisposableStack();
  const file = opening.use(new RandomFile(path));
  const { size } = file;
  if (size > defaultLimits.maxBytes) {
    throw new EngineError(
      "limit-exceeded",
      `The file has ${size} bytes, at most ${defaultLimits.maxBytes} are read; keep large weights as external data`,
      path,
    );
  }
  const model = read(file);
  const externalFiles = externalLocations(model);
  const externalBytes =
    externalFiles.length === 0
      ? 0
      : loadExternalData(model, beside ?? opening.use(externalFilesBeside(path))).bytes;
  const held = opening.move();
  return {
    model,
    bytes: size + externalBytes,
    externalBytes,
    externalFiles,
    [Symbol.dispose]: () => held.dispose(),
  };
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
