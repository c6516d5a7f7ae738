import { randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSession } from "./session.ts";

/**
 * The graph that ONNX Runtime really executes for a model, after its own fusions, as ONNX bytes: to check that
 * QDQ pairs became integer kernels. It is specific to this machine and must not be published.
 *
 * @throws EngineError "runtime-refused" where the model does not load
 */
export async function optimizedModel(path: string): Promise<Uint8Array> {
  const dump = join(tmpdir(), `parsimony-optimized-${randomUUID()}.onnx`);
  try {
    const session = await loadSession(path, { optimizedModelPath: dump, optimization: "all" });
    await session.release();
    return await readFile(dump);
  } finally {
    await rm(dump, { force: true });
  }
}
