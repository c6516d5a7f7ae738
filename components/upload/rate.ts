/** How much had been sent at a moment (milliseconds of any steady clock). */
export interface Sample {
  readonly at: number;
  readonly bytes: number;
}

/** Long enough to be calm, short enough to notice that a connection became slow. */
const windowMs = 4_000;
/** Below this span two samples say nothing about speed. */
const shortestMs = 400;

/** The samples that count at the time of the newest one, with one from before the window to measure from. */
export function withSample(samples: readonly Sample[], next: Sample): Sample[] {
  const all = [...samples, next];
  const first = all.findIndex((sample) => sample.at >= next.at - windowMs);
  return all.slice(Math.max(0, first - 1));
}

/** Bytes per second over the samples; null while they are too few to tell. */
export function rateOf(samples: readonly Sample[]): number | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last.at - first.at < shortestMs) return null;
  return Math.max(0, ((last.bytes - first.bytes) / (last.at - first.at)) * 1000);
}

/** Seconds until `total` bytes are sent at this rate; null where that cannot be told. */
export function secondsLeft(sent: number, total: number, rate: number | null): number | null {
  if (rate === null || rate <= 0) return null;
  return Math.max(0, total - sent) / rate;
}
