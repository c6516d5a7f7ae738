import type { inferParserType } from "nuqs/server";
import type { ExperimentDetail } from "#contracts/experiment.ts";
import { costMetrics, isFidelity, qualityMetrics } from "#contracts/metric.ts";
import type { RunFilter } from "#contracts/run.ts";
import { type experimentSearch, parseSort } from "./search.ts";
import { metricsNeeded, parseSpec, usualColumns } from "./table/column-spec.ts";

export type ExperimentSearch = inferParserType<typeof experimentSearch>;

/** What the address asks for, made to fit what this experiment has. Shared by server and browser. */
export function viewOf(experiment: ExperimentDetail, search: ExperimentSearch) {
  const ids = experiment.metrics.map((metric) => metric.id);
  const available = new Set(ids);
  const qualities = qualityMetrics(ids);
  const quality = qualities.includes(search.quality) ? search.quality : qualities[0];
  const costs = costMetrics.filter((metric) => available.has(metric));
  const cost = costs.includes(search.cost) ? search.cost : (costs[0] ?? "size/file");
  const chosen = search.columns.flatMap((text) => parseSpec(text) ?? []);
  const specs = chosen.length > 0 ? chosen : usualColumns(quality, available);
  const columns = metricsNeeded(specs, quality);
  return {
    quality,
    qualities,
    cost,
    costs,
    specs,
    columns,
    sort: parseSort(search.sort),
    filter: filterOf(search, quality, cost),
  };
}

function filterOf(search: ExperimentSearch, quality: string | undefined, cost: string): RunFilter {
  const bound = (metric: string, [min, max]: readonly number[]) =>
    min === undefined || max === undefined ? [] : [{ metric, min, max }];
  return {
    states: search.state,
    recipes: [],
    text: search.q.slice(0, 100),
    // A fidelity that the baseline has by definition is stored nowhere, so that it cannot be a bound.
    bounds: [...bound(cost, search.x), ...(quality && !isFidelity(quality) ? bound(quality, search.y) : [])],
  };
}
