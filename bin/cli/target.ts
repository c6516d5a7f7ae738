import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { EngineError } from "#engine/error.ts";

/** Fails before minutes of work rather than after. */
export async function checkTarget(out: string): Promise<void> {
  const folder = await stat(dirname(resolve(out))).catch(() => undefined);
  if (!folder?.isDirectory())
    throw new EngineError("file-failed", "The folder for --out does not exist", out);
  const present = await stat(out).catch(() => undefined);
  if (present !== undefined && !present.isFile()) {
    throw new EngineError("file-failed", "--out names something that is not a file", out);
  }
}
