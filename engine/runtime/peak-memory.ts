import { readFileSync } from "node:fs";

/**
 * Highest resident memory of this process since it began, in bytes. On Linux as the kernel keeps it for the memory of
 * the program that runs now: what `getrusage` tells begins with the parent's, because a process starts as its copy.
 */
export function peakResidentBytes(): number {
  return highWaterMark() ?? process.resourceUsage().maxRSS * 1024;
}

function highWaterMark(): number | undefined {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}
