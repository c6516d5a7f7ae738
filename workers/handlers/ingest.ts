import {
  completeDatasetIngest,
  datasetToIngest,
  rejectDatasetVersion,
} from "#server/modules/dataset/ingest.ts";
import { filePaths } from "../task.ts";
import type { Check } from "./register.ts";

/** Reads the files of a dataset once, whole, and keeps what its page shows and its digest. */
export const ingestCheck: Check = {
  task: async (db, scope) => {
    const found = await datasetToIngest(db, scope);
    if (!found) return undefined;
    const files = await filePaths([...found.files].map(([name, sha256]) => ({ name, sha256 })));
    return { kind: "ingest", manifest: found.manifest, files };
  },
  accept: (db, scope, answer) =>
    answer.kind === "ingested"
      ? () => completeDatasetIngest(db, scope, { summary: answer.summary, digest: answer.digest })
      : undefined,
  reject: rejectDatasetVersion,
};
