import { spawnSync } from "node:child_process";
import { findTensorFlow } from "#engine/runtime/tfjs.ts";
import { tableOf } from "../table.ts";
import { networks, type TimedNetwork } from "./networks.ts";
import { nodeStepper, type Stepper, stepper } from "./steppers.ts";

export interface StepTimes {
  readonly library: string;
  /** Middle of all steps after the first rounds, in milliseconds. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export interface NetworkReport {
  readonly network: string;
  readonly batch: number;
  readonly times: readonly StepTimes[];
  readonly failures: readonly { readonly library: string; readonly reason: string }[];
}

const rounds = 7;
/** The first rounds warm up. */
const warm = 2;
/** As many steps as take about this long make a round, three at least. */
const roundMs = 700;

/**
 * Times the steps of all libraries on a network, in turns.
 *
 * @param torch a Python that has PyTorch, where that is to be timed, too
 */
export async function benchNetwork(at: number, torch: string | undefined): Promise<NetworkReport> {
  const network = networks[at];
  if (network === undefined) throw new Error(`There is no network ${at}`);
  const native = (await findTensorFlow()).status === "available";
  const steppers: Stepper[] = [
    nodeStepper("Parsimony", "ours-child.ts", [String(at)]),
    nodeStepper("TensorFlow.js wasm", "tensorflow-child.ts", [String(at), "wasm"]),
    ...(native ? [nodeStepper("tfjs-node", "tensorflow-child.ts", [String(at), "node"])] : []),
    ...(torch === undefined ? [] : [torchStepper(torch, network)]),
  ];
  const times = new Map<string, number[]>();
  const failures: { library: string; reason: string }[] = [];
  const counts = new Map<string, number>();
  try {
    for (let round = 0; round < rounds; round++) {
      for (const each of steppers) {
        if (failures.some(({ library }) => library === each.name)) continue;
        const found = await each.steps(counts.get(each.name) ?? 3);
        if (found === undefined) {
          failures.push({ library: each.name, reason: each.complaint() });
          continue;
        }
        const fastest = Math.min(...found);
        counts.set(each.name, Math.max(3, Math.min(400, Math.round(roundMs / fastest))));
        if (round >= warm) times.set(each.name, [...(times.get(each.name) ?? []), ...found]);
      }
    }
  } finally {
    for (const each of steppers) each[Symbol.dispose]();
  }
  return {
    network: network.name,
    batch: network.batch,
    times: [...times].map(([library, values]) => ({ library, ...middleOf(values) })),
    failures,
  };
}

function torchStepper(python: string, network: TimedNetwork): Stepper {
  const { stdout } = spawnSync(python, ["-c", "import torch; print(torch.__version__)"], {
    encoding: "utf8",
  });
  return stepper(`PyTorch ${stdout.trim()}`.trim(), python, [
    `${import.meta.dirname}/torch-child.py`,
    JSON.stringify(network),
  ]);
}

function middleOf(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return { median: at(0.5), low: at(0.1), high: at(0.9) };
}

/** The report as a table: milliseconds of a step, and how many times ours the others take. */
export function trainSection(reports: readonly NetworkReport[]): string {
  const libraries = [...new Set(reports.flatMap(({ times }) => times.map(({ library }) => library)))];
  const ms = (value: number) => value.toFixed(value < 10 ? 2 : 1);
  const rows = reports.map(({ network, batch, times, failures }) => {
    const ours = times.find(({ library }) => library === "Parsimony")?.median ?? Number.NaN;
    return [
      network,
      String(batch),
      ...libraries.map((library) => {
        const found = times.find((entry) => entry.library === library);
        if (found === undefined)
          return failures.find((failure) => failure.library === library)?.reason ?? "not run";
        const ratio = library === "Parsimony" ? "" : `, ${(found.median / ours).toFixed(1)} ×`;
        return `${ms(found.median)} (${ms(found.low)} to ${ms(found.high)})${ratio}`;
      }),
    ];
  });
  return tableOf(["network", "batch", ...libraries], rows);
}
