import { realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { EngineError } from "../error.ts";
import type { ExternalFiles } from "../onnx/external.ts";
import { quote } from "../onnx/quote.ts";
import { FileBytes, RandomFile } from "./file-bytes.ts";

/** Smaller tensors are read at once. */
const leastLazyBytes = 1 << 16;

/**
 * The folder of a model as its external data may see it. A location that a symbolic link leads out of the folder is
 * refused. Dispose of it when nobody will ask for the data any more.
 */
export function externalFilesBeside(modelPath: string): ExternalFiles & Disposable {
  const folder = dirname(realpathSync(modelPath));
  const inside = folder.endsWith(sep) ? folder : folder + sep;
  const files: RandomFile[] = [];
  return {
    open(location) {
      const real = realPathOf(join(folder, location));
      if (real === undefined) return undefined;
      if (!real.startsWith(inside)) {
        throw new EngineError(
          "malformed",
          `External data ${quote(location)} is a link out of the model's folder`,
        );
      }
      const file = new RandomFile(real);
      files.push(file);
      return {
        size: file.size,
        bytes: (offset, length) =>
          length < leastLazyBytes ? file.read(offset, length) : new FileBytes(file, offset, length),
      };
    },
    [Symbol.dispose]() {
      for (const file of files) file[Symbol.dispose]();
    },
  };
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
