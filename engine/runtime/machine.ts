import { readFileSync } from "node:fs";
import os from "node:os";

/** Facts about the machine that a measurement depends on. */
export interface MachineFacts {
  readonly cpuModel: string;
  /** Instruction sets that ONNX Runtime's kernels choose by, sorted. */
  readonly cpuFeatures: readonly string[];
  /** Logical processors that the operating system shows. */
  readonly cores: number;
  readonly memoryBytes: number;
  readonly os: string;
  /** True where timing and power are seen through a hypervisor; undefined where it cannot be told. */
  readonly virtualized: boolean | undefined;
  /** "docker", "kubernetes", "podman", "lxc" or "other"; undefined outside of containers. */
  readonly container: string | undefined;
  /** Processors that the container may use at once, where its control group sets a limit. */
  readonly cpuQuota: number | undefined;
}

/** Feature flags as Linux names them (x86 "flags", Arm "Features") that change which kernel runs. */
const relevant = new Set([
  "avx",
  "avx2",
  "avx512f",
  "avx512bw",
  "avx512vl",
  "avx512_vnni",
  "avx512_bf16",
  "avx_vnni",
  "amx_int8",
  "amx_bf16",
  "amx_tile",
  "f16c",
  "fma",
  "sse4_1",
  "asimd",
  "asimddp",
  "asimdhp",
  "bf16",
  "i8mm",
  "sve",
]);

export function machineFacts(): MachineFacts {
  const cpuinfo = readText("/proc/cpuinfo") ?? "";
  const flags = new Set((/^(?:flags|Features)\s*:\s*(.*)$/m.exec(cpuinfo)?.[1] ?? "").split(/\s+/));
  return {
    cpuModel: cpuModelOf(cpuinfo, os.cpus()[0]?.model),
    cpuFeatures: [...flags].filter((flag) => relevant.has(flag)).sort(),
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    os: `${os.type()} ${os.release()} ${os.arch()}`,
    virtualized: cpuinfo === "" ? undefined : flags.has("hypervisor"),
    container: containerKind(),
    cpuQuota: cpuQuota(),
  };
}

/** The first processor's name; Arm's /proc/cpuinfo has numbers instead, which are better than nothing. */
export function cpuModelOf(cpuinfo: string, fallback: string | undefined): string {
  const named = /^model name\s*:\s*(.+)$/m.exec(cpuinfo)?.[1] ?? fallback;
  if (named !== undefined && named.trim() !== "" && named !== "unknown") return named.trim();
  const field = (name: string) => new RegExp(`^${name}\\s*:\\s*(\\S+)$`, "m").exec(cpuinfo)?.[1];
  const [implementer, part] = [field("CPU implementer"), field("CPU part")];
  return implementer && part ? `Arm ${implementer}/${part}` : "unknown";
}

function containerKind(): string | undefined {
  const control = `${readText("/proc/1/cgroup") ?? ""}\n${readText("/proc/self/cgroup") ?? ""}`;
  if (/kubepods/.test(control)) return "kubernetes";
  if (readText("/.dockerenv") !== undefined || /docker/.test(control)) return "docker";
  if (readText("/run/.containerenv") !== undefined || /libpod/.test(control)) return "podman";
  if (/lxc/.test(control)) return "lxc";
  return undefined;
}

/** cgroup v2 "max 100000" or "150000 100000", or the two files of v1. */
function cpuQuota(): number | undefined {
  const v2 = readText("/sys/fs/cgroup/cpu.max")?.trim().split(/\s+/).map(Number);
  const v1 = ["cpu.cfs_quota_us", "cpu.cfs_period_us"].map((name) =>
    Number(readText(`/sys/fs/cgroup/cpu/${name}`)),
  );
  const [quota = Number.NaN, period = Number.NaN] = v2 ?? v1;
  return quota > 0 && period > 0 ? quota / period : undefined;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Seconds that all processors together were busy, and seconds in all, since the machine started. */
function cpuTimes(): { busy: number; total: number } {
  let busy = 0;
  let total = 0;
  for (const { times } of os.cpus()) {
    const all = times.user + times.nice + times.sys + times.idle + times.irq;
    busy += all - times.idle;
    total += all;
  }
  return { busy: busy / 1000, total: total / 1000 };
}

/**
 * Starts watching the load of others.
 *
 * @returns a function that gives the share of the machine's processor time, 0 to 1, that other processes used
 * since: a measurement taken beside much of it is worth little
 */
export function watchOtherLoad(): () => number {
  const before = cpuTimes();
  const own = process.cpuUsage();
  return () => {
    const after = cpuTimes();
    const { user, system } = process.cpuUsage(own);
    const others = after.busy - before.busy - (user + system) / 1e6;
    const total = after.total - before.total;
    return total > 0 ? Math.min(1, Math.max(0, others / total)) : 0;
  };
}
