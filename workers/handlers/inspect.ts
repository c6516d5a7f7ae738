import {
  completeModelInspection,
  modelToInspect,
  rejectModelVersion,
} from "#server/modules/model/inspection.ts";
import { artifactStore } from "#server/storage/current.ts";
import type { Check } from "./register.ts";

/** Looks into an uploaded model, and tries whether ONNX Runtime loads it. */
export const inspectCheck: Check = {
  task: async (db, scope) => {
    const found = await modelToInspect(db, scope);
    if (!found) return undefined;
    return { kind: "inspect", modelPath: await artifactStore().path(found.sha256), fileName: found.fileName };
  },
  accept: (db, scope, answer) =>
    answer.kind === "inspected" ? () => completeModelInspection(db, scope, answer.inspection) : undefined,
  reject: rejectModelVersion,
};
