"use client";

import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTRPC } from "#components/api/client.ts";
import { hasEnded, type RunDetail } from "#contracts/run.ts";
import { joinPoints, type LivePoints, type Points } from "../live-state.ts";
import { type Course, courseOf } from "./course.ts";
import { type CurveName, curveNames, type Training } from "./trainings.ts";

/** Workers thin a curve out to about half as many. */
const mostPoints = 2_000;

/** The curves of a training: what is stored, read anew now and then while the run goes on, and what came since. */
export function useCourse(org: string, run: RunDetail, training: Training, live: LivePoints): Course {
  const trpc = useTRPC();
  const isActive = !hasEnded(run.state);
  const stored = useQueries({
    queries: curveNames.map((curve) => ({
      ...trpc.run.points.queryOptions({
        org,
        runId: run.id,
        name: training.series[curve] ?? "-",
        points: mostPoints,
      }),
      enabled: training.series[curve] !== undefined,
      refetchInterval: isActive ? 15_000 : (false as const),
    })),
    combine: (results) => results.map(({ data }) => data),
  });
  return useMemo(() => {
    const points: Partial<Record<CurveName, Points>> = {};
    for (const [place, curve] of curveNames.entries()) {
      const name = training.series[curve];
      if (name !== undefined) points[curve] = joinPoints(stored[place], live[name]);
    }
    return courseOf(training, points, run.report);
  }, [training, stored, live, run.report]);
}
