"use client";

import { useQueryStates } from "nuqs";
import { useMemo } from "react";
import type { ExperimentDetail } from "#contracts/experiment.ts";
import { experimentSearch } from "./search.ts";
import { viewOf } from "./view.ts";

/** The view of an experiment as the address has it, and ways to change it. Filters and sorting make no history. */
export function useView(experiment: ExperimentDetail) {
  const [search, setSearch] = useQueryStates(experimentSearch, { history: "replace", shallow: true });
  const view = useMemo(() => viewOf(experiment, search), [experiment, search]);
  return { search, setSearch, view };
}
