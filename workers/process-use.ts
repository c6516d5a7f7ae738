import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import type { ChildMessage } from "#contracts/child.ts";

export interface ProcessUse {
  readonly residentBytes: number;
  /** User and system time since its start. */
  readonly cpuSeconds: number;
}

/** Fixed on Linux for what /proc shows, whatever the kernel's own rate and page size may be configured to. */
const ticksPerSecond = 100;

/** What a process uses now; undefined where it has ended, or the system does not show it. */
export function readUse(pid: number): ProcessUse | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const resident = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
    // After the name, which may hold spaces and parentheses; user and system time are fields 14 and 15 of the line.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    if (resident === undefined) return undefined;
    return {
      residentBytes: Number(resident) * 1_024,
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    };
  } catch {
    return undefined;
  }
}

/** What the processes take that this one has started, such as the one that measures memory. */
function startedBytes(pid: number): number {
  try {
    const started = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
    return started.reduce((sum, one) => sum + (readUse(Number(one))?.residentBytes ?? 0), 0);
  } catch {
    return 0;
  }
}

/** Resident memory as `ps` tells it, for systems without /proc; undefined where there is no `ps` either. */
export function residentByPs(pid: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    execFile("ps", ["-o", "rss=", "-p", String(pid)], { timeout: 2_000 }, (error, stdout) => {
      const kibibytes = Number.parseInt(stdout, 10);
      resolve(error || !Number.isFinite(kibibytes) ? undefined : kibibytes * 1_024);
    });
  });
}

export interface UseWatch {
  readonly pid: number;
  readonly memoryBytes: number;
  /** Where the system shows it. */
  readonly onUse: ((use: ProcessUse) => void) | undefined;
  readonly onTooMuch: () => void;
}

const watchMs = 500;
/** Asking `ps` costs a process each time. */
const watchByPsMs = 2_000;

/** Reads from outside what a process uses, without disturbing it, until the returned function is called. */
export function watchUse({ pid, memoryBytes, onUse, onTooMuch }: UseWatch): () => void {
  const byPs = !existsSync("/proc/self/status");
  const look = async () => {
    const use = readUse(pid);
    if (use) onUse?.(use);
    const own = byPs ? await residentByPs(pid) : use?.residentBytes;
    if (own !== undefined && own + startedBytes(pid) > memoryBytes) onTooMuch();
  };
  const timer = setInterval(() => void look(), byPs ? watchByPsMs : watchMs);
  return () => clearInterval(timer);
}

type Points = Extract<ChildMessage, { kind: "points" }>;

/**
 * Turns readings into two live series, over milliseconds since the first one: `process/memory` in bytes and
 * `process/cpu` in processors, the mean since the reading before.
 */
export function usageSeries(say: (points: Points) => void): (use: ProcessUse) => void {
  const start = performance.now();
  let before: { at: number; cpuSeconds: number } | undefined;
  const one = (name: string, at: number, value: number) =>
    say({ kind: "points", name, steps: Int32Array.of(at), values: Float64Array.of(value) });
  return ({ residentBytes, cpuSeconds }) => {
    const at = Math.round(performance.now() - start);
    one("process/memory", at, residentBytes);
    if (before && at > before.at) {
      one("process/cpu", at, (1_000 * (cpuSeconds - before.cpuSeconds)) / (at - before.at));
    }
    before = { at, cpuSeconds };
  };
}
