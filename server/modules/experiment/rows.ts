import { type ExperimentRow, type Protocol, protocols, type RunCounts } from "#contracts/experiment.ts";
import { type RunState, runStates } from "#contracts/run.ts";
import type { Found } from "./repo.ts";

export function emptyCounts(): Record<RunState, number> {
  return { queued: 0, running: 0, succeeded: 0, not_applicable: 0, failed: 0, cancelled: 0 };
}

/** Counts per experiment from rows of (experiment, state, count). */
export function countsBy(
  rows: readonly { experimentId: string; state: RunState; _count: { _all: number } }[],
): (experimentId: string) => RunCounts {
  const counts = new Map<string, Record<RunState, number>>();
  for (const { experimentId, state, _count } of rows) {
    const own = counts.get(experimentId) ?? emptyCounts();
    own[state] = _count._all;
    counts.set(experimentId, own);
  }
  return (experimentId) => counts.get(experimentId) ?? emptyCounts();
}

export function totalOf(counts: RunCounts): number {
  return runStates.reduce((sum, state) => sum + counts[state], 0);
}

export function protocolOf(value: string): Protocol {
  return protocols.find((protocol) => protocol === value) ?? "quick";
}

export function toRow(found: Found, createdBy: string, counts: RunCounts): ExperimentRow {
  const { modelVersion, datasetVersion } = found;
  return {
    id: found.id,
    number: found.number,
    question: found.question,
    protocol: protocolOf(found.protocol),
    seed: found.seed,
    createdAt: found.createdAt,
    createdBy,
    model: {
      versionId: modelVersion.id,
      number: modelVersion.number,
      slug: modelVersion.model.slug,
      name: modelVersion.model.name,
    },
    dataset: datasetVersion && {
      versionId: datasetVersion.id,
      number: datasetVersion.number,
      task: datasetVersion.task,
      slug: datasetVersion.dataset.slug,
      name: datasetVersion.dataset.name,
    },
    counts,
  };
}
