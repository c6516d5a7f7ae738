import type { CpuPrice } from "../energy/cost.ts";
import { corePower } from "../energy/cpu-power.ts";
import type { Conditions, Measurement } from "../evaluate/measurement.schema.ts";
import { energyMeasurement } from "../evaluate/performance/energy.ts";
import { memoryMeasurement } from "../evaluate/performance/memory.ts";
import {
  costMeasurement,
  cpuMeasurement,
  latencyMeasurements,
  throughputMeasurement,
} from "../evaluate/performance/report.ts";
import type { TensorMap } from "../evaluate/tensors/tensor.ts";
import type { EngineRemark } from "../say.ts";
import { type LatencyResult, type LatencySubject, measureLatency } from "./latency.ts";
import { type LatencyProtocol, throughputProtocol } from "./latency-protocol.ts";
import { acquireMeasurementLock, type LockHolder } from "./lock.ts";
import { type MachineFacts, machineFacts, watchOtherLoad } from "./machine.ts";
import { measurePeakMemory, type PeakMemory } from "./memory.ts";
import { findMeter, measureIdleWatts } from "./rapl.ts";
import { loadSession, type ModelSession, runtimeVersion, sessionThreads } from "./session.ts";

export interface PerformanceOptions {
  /** File of the model. */
  readonly candidate: string;
  /** File of its baseline; left out when the candidate is the baseline. */
  readonly baseline?: string;
  /** Inputs of a model at a batch size, and how many items each really holds (a fixed batch stays as it is). */
  readonly feeds: (
    session: ModelSession,
    batch: number,
  ) => Promise<{ feeds: readonly TensorMap[]; size: number }>;
  readonly protocol: LatencyProtocol;
  /** Batch for throughput. */
  readonly throughputBatch?: number;
  readonly engineVersion: string;
  readonly price?: CpuPrice;
  /** Of the bootstrap. */
  readonly seed: number;
  /** Bounds of index inputs, for the memory measurement's made-up inputs. */
  readonly bounds?: ReadonlyMap<string, number>;
  /** Shown to other measurements that wait. */
  readonly label: string;
  /** Name of the measurement lock; by default that of the host. */
  readonly lock?: string | undefined;
  readonly signal?: AbortSignal;
  readonly onWait?: (holder: LockHolder | undefined) => void;
  readonly onProgress?: (stage: "memory" | "latency" | "throughput", share: number) => void;
}

export interface PerformanceReport {
  readonly measurements: readonly Measurement[];
  readonly machine: MachineFacts;
  /** Why energy is modelled rather than read, where it is. */
  readonly meterReason: EngineRemark | undefined;
  /** Share of the machine's processor time that other processes used while latency was taken, 0 to 1. */
  readonly otherLoad: number;
}

/**
 * Measures peak memory, latency, CPU time, energy, cost and throughput of a model against its baseline, alone on
 * the host: waits for the measurement lock first.
 *
 * @throws EngineError "runtime-refused" where a model fails, the signal's reason where aborted
 */
export async function measurePerformance(options: PerformanceOptions): Promise<PerformanceReport> {
  const { label, lock, signal, onWait, onProgress, seed, protocol } = options;
  await using _ = await acquireMeasurementLock({ label, signal, onWait, name: lock });
  const machine = machineFacts();

  const memory = await measureMemory(options);
  onProgress?.("memory", 1);

  const search = findMeter();
  const meter = search.status === "available" ? search.meter : undefined;
  const idleWatts = meter && (await measureIdleWatts(meter, 3, signal));
  await using candidate = await loadCopies(options.candidate, memory.candidate);
  await using baseline =
    options.baseline === undefined ? undefined : await loadCopies(options.baseline, memory.baseline ?? []);
  const models = { candidate, baseline };
  const otherLoad = watchOtherLoad();
  const timed = await time(options, models, 1, protocol, (share) => onProgress?.("latency", share), meter);
  const load = otherLoad();
  const conditions = conditionsOf(options, machine, timed, protocol);
  const pair = { candidate: timed.result.candidate, baseline: timed.result.baseline };
  const cpu = cpuMeasurement(pair, conditions, seed);
  const energy = {
    power: corePower(machine.cpuModel),
    memoryBytes: largest(memory.candidate),
    baselineMemoryBytes: memory.baseline && largest(memory.baseline),
    idleWatts,
  };
  const { price } = options;
  return {
    machine,
    otherLoad: load,
    meterReason: search.status === "unavailable" ? search.reason : undefined,
    measurements: [
      ...latencyMeasurements(pair, conditions),
      ...cpu,
      ...energyMeasurement(pair, energy, conditions, seed),
      ...(price === undefined ? [] : cpu.map((measurement) => costMeasurement(measurement, price))),
      ...memoryMeasurement(memory.candidate.map(peak), memory.baseline?.map(peak), conditions),
      ...(await measureThroughput(options, models, machine)),
    ],
  };
}

const peak = ({ peakBytes }: PeakMemory) => peakBytes;
const largest = (runs: readonly PeakMemory[]) => Math.max(...runs.map(peak));

async function measureMemory({ candidate, baseline, bounds, signal }: PerformanceOptions) {
  const of = (path: string) => measurePeakMemory(path, { bounds, signal });
  return {
    candidate: await of(candidate),
    baseline: baseline === undefined ? undefined : await of(baseline),
  };
}

/** Loads of one model; see `LatencySubject.sessions`. */
interface Copies extends AsyncDisposable {
  readonly sessions: readonly ModelSession[];
}

interface Models {
  readonly candidate: Copies;
  readonly baseline: Copies | undefined;
}

/** Memory that all loads of one model may take together, and how many there are at most. */
const copiesBytes = 512 * 2 ** 20;
const maxCopies = 5;

async function loadCopies(path: string, memory: readonly PeakMemory[]): Promise<Copies> {
  const bytes = Math.max(1, ...memory.map(({ peakBytes, emptyBytes }) => peakBytes - emptyBytes));
  const count = Math.min(maxCopies, Math.max(1, Math.floor(copiesBytes / bytes)));
  const sessions: ModelSession[] = [];
  for (let copy = 0; copy < count; copy++) sessions.push(await loadSession(path));
  return {
    sessions,
    [Symbol.asyncDispose]: async () => {
      for (const session of sessions) await session.release();
    },
  };
}

interface Timed {
  readonly result: LatencyResult;
  readonly feeds: TensorMap;
  readonly batch: number;
}

async function time(
  options: PerformanceOptions,
  models: Models,
  batch: number,
  protocol: LatencyProtocol,
  onProgress: (share: number) => void,
  meter?: Parameters<typeof measureLatency>[0]["meter"],
): Promise<Timed> {
  const subject = async ({ sessions }: Copies): Promise<LatencySubject> => {
    const { feeds, size } = await options.feeds(sessions[0]!, batch);
    return { sessions, feeds, itemsPerQuery: size };
  };
  const candidate = await subject(models.candidate);
  const baseline = models.baseline && (await subject(models.baseline));
  const { signal } = options;
  const result = await measureLatency({ candidate, baseline, protocol, meter, signal, onProgress });
  return { result, feeds: candidate.feeds[0] ?? {}, batch: candidate.itemsPerQuery };
}

async function measureThroughput(
  options: PerformanceOptions,
  models: Models,
  machine: MachineFacts,
): Promise<Measurement[]> {
  const protocol = throughputProtocol(options.protocol);
  const report = (share: number) => options.onProgress?.("throughput", share);
  const timed = await time(options, models, options.throughputBatch ?? 32, protocol, report);
  const conditions = conditionsOf(options, machine, timed, protocol);
  const pair = { candidate: timed.result.candidate, baseline: timed.result.baseline };
  return throughputMeasurement(pair, conditions, options.seed);
}

function conditionsOf(
  { engineVersion }: PerformanceOptions,
  machine: MachineFacts,
  { feeds, batch }: Timed,
  protocol: LatencyProtocol,
): Conditions {
  return {
    cpuModel: machine.cpuModel,
    cpuFeatures: [...machine.cpuFeatures],
    threads: sessionThreads,
    batch,
    inputShapes: Object.fromEntries(Object.entries(feeds).map(([name, { dims }]) => [name, [...dims]])),
    runtime: "onnxruntime-node",
    runtimeVersion,
    engineVersion,
    protocol: protocol.name,
  };
}
