import { readFileSync } from "node:fs";
import os from "node:os";

/** The machine as this worker sees it. The children, which may load native code, state what a measurement needs. */
export function workerFacts(): object {
  const cpuinfo = read("/proc/cpuinfo");
  const flags = new Set((/^(?:flags|Features)\s*:\s*(.*)$/m.exec(cpuinfo)?.[1] ?? "").split(/\s+/));
  const vector = ["avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8", "asimddp", "i8mm"];
  return {
    cpuModel: os.cpus()[0]?.model.trim() ?? "unknown",
    cpuFeatures: vector.filter((flag) => flags.has(flag)),
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    os: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
  };
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
