import {
  completeModelInspection,
  modelToInspect,
  rejectModelVersion,
} from "#server/modules/model/inspection.ts";
import { artifactStore } from "#server/storage/current.ts";
import { storeFile } from "../store-file.ts";
import { filePaths } from "../task.ts";
import type { Check } from "./register.ts";

/** Converts an uploaded model where it is of another format, looks into it, and tries whether ONNX Runtime loads it. */
export const inspectCheck: Check = {
  task: async (db, scope, folder) => {
    const found = await modelToInspect(db, scope);
    if (!found) return undefined;
    const { sha256, fileName, sources } = found;
    return {
      kind: "inspect",
      modelPath: await artifactStore().path(sha256),
      fileName,
      sources: sources.length === 0 ? null : await filePaths(sources),
      workFolder: folder,
    };
  },
  accept: (db, scope, answer) => {
    if (answer.kind !== "inspected") return undefined;
    const { inspection, converted } = answer;
    if (converted === null) return () => completeModelInspection(db, scope, inspection);
    const { outputPath, conversion } = converted;
    return () =>
      storeFile(outputPath, (file) => completeModelInspection(db, scope, inspection, { file, conversion }));
  },
  reject: rejectModelVersion,
};
