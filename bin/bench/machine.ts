import { cpus } from "node:os";

/** When and where figures were measured. */
export interface Machine {
  readonly at: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
}

export function thisMachine(): Machine {
  return {
    at: new Date().toISOString(),
    node: process.version,
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
  };
}

/** For the line above a table: cores, processor, Node and day. */
export function machineText({ at, node, cpu, cores }: Machine): string {
  return `${cores} cores, ${cpu}, Node ${node}, ${at.slice(0, 10)}`;
}
