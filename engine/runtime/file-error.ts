import { EngineError } from "../error.ts";
import { quote } from "../onnx/quote.ts";

const reasons: Record<string, string> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "this is a folder",
  ENOTDIR: "a part of the path is not a folder",
  ENOSPC: "no space left on the device",
  EROFS: "the file system is read-only",
  EDQUOT: "the disk quota is used up",
};

/** A file system error as an engine error that names the path. */
export function fileError(error: unknown, path: string, action: "read" | "write"): EngineError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  return new EngineError("file-failed", `Cannot ${action}: ${reasons[code] ?? code}`, quote(path), {
    cause: error,
  });
}
