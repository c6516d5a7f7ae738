import { readFileSync } from "node:fs";

/** Resident set of a process in MB (10⁶ bytes), as the kernel counts it. Linux only. */
export function residentMegabytes(pid: number): number {
  return megabytes(pid, /^VmRSS:\s+(\d+)/m);
}

/** The highest that it has ever been. */
export function largestMegabytes(pid: number): number {
  return megabytes(pid, /^VmHWM:\s+(\d+)/m);
}

function megabytes(pid: number, line: RegExp): number {
  const kibibytes = Number(line.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? Number.NaN);
  return (kibibytes * 1024) / 1e6;
}

/** Highest resident set seen while `work` runs. */
export async function peakDuring(pid: number, work: () => Promise<unknown>): Promise<number> {
  let peak = residentMegabytes(pid);
  const timer = setInterval(() => (peak = Math.max(peak, residentMegabytes(pid))), 50);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return peak;
}
