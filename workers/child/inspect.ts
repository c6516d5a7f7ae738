import { join } from "node:path";
import type { ChildTask } from "#contracts/child.ts";
import { detectFormat } from "#engine/formats/detect.ts";
import { inspectModel } from "#engine/inspect.ts";
import { loadSession } from "#engine/runtime/session.ts";
import { sourceFilesAt } from "#engine/runtime/source-files.ts";
import { readModel } from "./model-file.ts";
import { say } from "./parent.ts";

type InspectTask = Extract<ChildTask, { kind: "inspect" }>;

/**
 * Looks into a model, and makes sure that ONNX Runtime loads it: if that aborts, it takes this process alone. What is of
 * another format is converted first.
 */
export async function inspect(task: InspectTask): Promise<void> {
  const converted = await convert(task);
  const path = converted?.outputPath ?? task.modelPath;
  const { model, bytes } = readModel(path);
  const inspection = inspectModel(model, { bytes });
  if (converted === null) {
    const session = await loadSession(path);
    await session.release();
  }
  say({ kind: "inspected", inspection, converted });
}

/** Null where the file is ONNX, or is to be refused as such. */
async function convert({ sources, workFolder }: InspectTask) {
  if (sources === null) return null;
  const files = sourceFilesAt(sources);
  const format = detectFormat(files);
  if (format === undefined) return null;
  const { convertModel } = await import("#engine/runtime/conversion/convert.ts");
  const outputPath = join(workFolder, "converted.onnx");
  return { outputPath, conversion: await convertModel(format, files, outputPath) };
}
