import { EngineError } from "../error.ts";
import type { SourceFiles } from "../formats/source.ts";
import { RandomFile } from "./file-bytes.ts";

/** Most bytes of all files of a model together: larger ones come as ONNX with external data. */
const mostBytes = 2 ** 31 - 1;
/** Most files of one model: TensorFlow.js writes one for each 4 MB of weights. */
export const mostFiles = 1_000;

/**
 * The files of a model that lie somewhere under other names.
 *
 * @param paths by the names that the model's files call each other by
 */
export function sourceFilesAt(paths: Readonly<Record<string, string>>): SourceFiles {
  const names = Object.keys(paths);
  let total = 0;
  const kept = new Map<string, Uint8Array>();
  return {
    names,
    read: (name) => {
      const known = kept.get(name);
      if (known !== undefined) return known;
      const path = Object.hasOwn(paths, name) ? paths[name] : undefined;
      if (path === undefined) throw new EngineError("file-failed", "There is no such file", name);
      using file = new RandomFile(path);
      total += file.size;
      if (total > mostBytes) {
        throw new EngineError("limit-exceeded", `The files have more than ${mostBytes} bytes together`, name);
      }
      const bytes = file.read(0, file.size);
      kept.set(name, bytes);
      return bytes;
    },
  };
}
