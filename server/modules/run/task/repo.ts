import type { WorkerScope } from "#contracts/scope.ts";
import type { Tx } from "#server/db/client.ts";

/** All that the execution of a run needs to know. */
export function find(tx: Tx, scope: WorkerScope) {
  return tx.run.findFirst({
    where: { id: scope.subjectId, organisationId: scope.organisationId },
    select: {
      number: true,
      isBaseline: true,
      maxAttempts: true,
      recipe: true,
      teacher: { select: { sha256: true, state: true, artifactId: true } },
      experiment: {
        select: {
          number: true,
          seed: true,
          protocol: true,
          modelVersion: { select: { id: true, sha256: true, fileName: true, state: true, artifactId: true } },
          datasetVersion: {
            select: {
              state: true,
              manifest: true,
              digest: true,
              files: { select: { name: true, artifact: { select: { sha256: true } } } },
            },
          },
        },
      },
    },
  });
}
