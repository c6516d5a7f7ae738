import type { ChildTask } from "#contracts/child.ts";
import { inspectModel } from "#engine/inspect.ts";
import { loadSession } from "#engine/runtime/session.ts";
import { readModel } from "./model-file.ts";
import { say } from "./parent.ts";

/** Looks into a model, and makes sure that ONNX Runtime loads it: if that aborts, it takes this process alone. */
export async function inspect(task: Extract<ChildTask, { kind: "inspect" }>): Promise<void> {
  const { model, bytes } = readModel(task.modelPath);
  const inspection = inspectModel(model, { bytes });
  const session = await loadSession(task.modelPath);
  await session.release();
  say({ kind: "inspected", inspection });
}
