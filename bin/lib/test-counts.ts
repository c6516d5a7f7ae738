/** How many tests of a run passed, failed and were skipped. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const none: Counts = { passed: 0, failed: 0, skipped: 0 };

export function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

function numberAt(json: unknown, key: string): number {
  const value =
    typeof json === "object" && json !== null ? (json as Record<string, unknown>)[key] : undefined;
  return typeof value === "number" ? value : 0;
}

/** Reads Vitest's JSON report. A file that could not be loaded counts as one failure. */
export function vitestCounts(json: unknown): Counts {
  const files =
    (json as { testResults?: { status: string; assertionResults: unknown[] }[] }).testResults ?? [];
  const broken = files.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  ).length;
  return {
    passed: numberAt(json, "numPassedTests"),
    failed: numberAt(json, "numFailedTests") + broken,
    skipped: numberAt(json, "numPendingTests") + numberAt(json, "numTodoTests"),
  };
}

/** Reads Playwright's JSON report. A test that passed only when repeated counts as failed: flakes are not hidden. */
export function playwrightCounts(json: unknown): Counts {
  const stats = (json as { stats?: unknown; errors?: unknown[] }).stats;
  const errors = (json as { errors?: unknown[] }).errors?.length ?? 0;
  return {
    passed: numberAt(stats, "expected"),
    failed: numberAt(stats, "unexpected") + numberAt(stats, "flaky") + errors,
    skipped: numberAt(stats, "skipped"),
  };
}
