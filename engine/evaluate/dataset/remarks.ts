import { type EngineRemark, say } from "#engine/say.ts";
import type { Dataset } from "./dataset.ts";
import { findLeaks } from "./leaks.ts";

/** What whoever uses a dataset should know about it. */
export function datasetRemarks(dataset: Dataset): EngineRemark[] {
  const leaks = findLeaks(dataset).map(({ count, total, split, other }) =>
    say("dataset.leak", { count, total, split, other }),
  );
  return dataset.dropped > 0 ? [say("dataset.dropped", { count: dataset.dropped }), ...leaks] : leaks;
}
