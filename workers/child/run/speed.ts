import type { RunTask } from "#contracts/child.ts";
import type { Measured } from "#contracts/measurement.ts";
import { hasPerformanceConditions, performanceKey } from "#engine/evaluate/comparability.ts";
import type { Dataset } from "#engine/evaluate/dataset/dataset.ts";
import { sampleFeeds } from "#engine/evaluate/dataset/feeds.ts";
import { engineVersion } from "#engine/runtime/engine-version.ts";
import { sha256Hex } from "#engine/runtime/hash.ts";
import { quickProtocol, standardProtocol } from "#engine/runtime/latency-protocol.ts";
import { measurePerformance } from "#engine/runtime/measure-performance.ts";
import { runnableFeeds } from "#engine/runtime/runnable-feeds.ts";
import type { ModelSession } from "#engine/runtime/session.ts";
import { type ProgressReporter, tell } from "../parent.ts";
import { remark } from "../say.ts";
import { splitOf } from "./quality.ts";
import type { Subjects } from "./subject.ts";

/** Distinct inputs that are timed in turn. */
const distinctFeeds = 32;
const madeUpFeeds = 8;

export interface SpeedTask {
  readonly task: RunTask;
  readonly subjects: Subjects;
  readonly dataset: Dataset | undefined;
  readonly bounds: ReadonlyMap<string, number>;
  readonly progress: ProgressReporter;
  readonly from: number;
}

/** Memory, latency, CPU time, energy and throughput against the baseline, alone on this host. */
export async function speed({
  task,
  subjects,
  dataset,
  bounds,
  progress,
  from,
}: SpeedTask): Promise<Measured[]> {
  const feeds = async (session: ModelSession, batch: number) => {
    if (dataset) {
      const split = dataset.splits[splitOf(dataset)];
      const rows = split.length > 0 ? split : dataset.splits.train;
      return sampleFeeds(dataset, session.signature, rows, distinctFeeds, batch);
    }
    const made = await runnableFeeds(session, { items: madeUpFeeds, seed: task.seed, batch, bounds });
    return { feeds: made.map((one) => one.feeds), size: made[0]?.size ?? 1 };
  };
  const span = (share: number, part: number, of: number) => from + (1 - from) * (part + share * of);
  const parts = { memory: [0, 0.15], latency: [0.15, 0.65], throughput: [0.8, 0.2] } as const;
  const report = await measurePerformance({
    candidate: subjects.candidate.path,
    baseline: subjects.baseline?.path,
    feeds,
    protocol: task.protocol === "standard" ? standardProtocol : quickProtocol,
    engineVersion,
    seed: task.seed,
    bounds,
    label: task.label,
    lock: task.measureLock ?? undefined,
    onWait: (holder) => {
      progress.report("waiting", from);
      tell(holder ? remark("log.waitsFor", { label: holder.label }) : remark("log.waits"));
    },
    onProgress: (stage, share) => {
      const [part, of] = parts[stage];
      progress.report(stage, span(share, part, of));
    },
  });
  if (report.meterReason) tell(remark("log.modelled", { reason: report.meterReason }));
  return report.measurements.map((measurement) => ({
    ...measurement,
    qualityKey: null,
    performanceKey: hasPerformanceConditions(measurement.conditions)
      ? performanceKey(measurement.conditions, sha256Hex)
      : null,
    // What other processes did meanwhile, so that a disturbed value can be told from a quiet one.
    detail: { otherLoad: report.otherLoad },
  }));
}
