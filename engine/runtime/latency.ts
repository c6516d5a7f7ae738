import { EngineError } from "../error.ts";
import { type Block, type LatencySeries, SampleRecorder } from "../evaluate/performance/series.ts";
import { nearestRank, sortedCopy } from "../evaluate/statistics/order-statistics.ts";
import type { TensorMap } from "../evaluate/tensors/tensor.ts";
import type { LatencyProtocol } from "./latency-protocol.ts";
import type { EnergyMeter } from "./rapl.ts";
import type { ModelSession } from "./session.ts";

/** A model with the inputs to time it on, used in turn. */
export interface LatencySubject {
  /**
   * One or more loads of the same model. Where its weights happen to lie in memory makes two loads of one file
   * differ by a few per cent, so blocks go around several loads and the interval over blocks covers it.
   */
  readonly sessions: readonly ModelSession[];
  readonly feeds: readonly TensorMap[];
  /** Items in each feed. */
  readonly itemsPerQuery: number;
}

export interface LatencyOptions {
  readonly candidate: LatencySubject;
  /** Timed in alternation with the candidate; left out when the candidate is the baseline. */
  readonly baseline?: LatencySubject;
  readonly protocol: LatencyProtocol;
  /** Read around every block. */
  readonly meter?: EnergyMeter;
  readonly signal?: AbortSignal;
  /** Share of the work done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

export interface LatencyResult {
  readonly candidate: LatencySeries;
  readonly baseline: LatencySeries | undefined;
}

/**
 * Times single queries of one or two models on this thread.
 *
 * After a warm-up, blocks of the two models alternate in the order AB BA AB …, so that a drift of the machine
 * falls on both alike. A query's time runs from the call of the Node binding to its result, including a turn of
 * the event loop (some 10 µs). Call it while holding the measurement lock.
 *
 * @throws EngineError "runtime-refused" where a model fails, the signal's reason where aborted
 */
export async function measureLatency(options: LatencyOptions): Promise<LatencyResult> {
  const { protocol, signal, meter } = options;
  const candidate = new Runner(options.candidate, meter);
  // The other step makes every load of one model meet every load of the other.
  const baseline = options.baseline && new Runner(options.baseline, meter, 2);
  const runners = baseline === undefined ? [candidate] : [baseline, candidate];
  for (const runner of runners) {
    signal?.throwIfAborted();
    await runner.warmUp(protocol, signal);
  }
  for (let round = 0; !runners.every((runner) => runner.isDone(protocol)); round++) {
    for (const runner of round % 2 === 0 ? runners : runners.toReversed()) {
      signal?.throwIfAborted();
      await runner.runBlock(protocol.blockSeconds);
    }
    options.onProgress?.(Math.min(...runners.map((runner) => runner.share(protocol))));
  }
  return { candidate: candidate.series(), baseline: baseline?.series() };
}

class Runner {
  /** Prepared queries of each load. */
  private readonly loads: readonly (readonly (() => Promise<unknown>)[])[];
  private readonly itemsPerQuery: number;
  private readonly meter: EnergyMeter | undefined;
  private readonly step: 1 | 2;
  private readonly recorder = new SampleRecorder();
  private readonly blocks: Block[] = [];
  private next = 0;
  private count = 0;
  private seconds = 0;

  constructor(subject: LatencySubject, meter: EnergyMeter | undefined, step: 1 | 2 = 1) {
    const { sessions, feeds } = subject;
    if (feeds.length === 0) throw new EngineError("data-mismatch", "There are no inputs to time");
    this.loads = sessions.map((session) => feeds.map((feed) => session.prepare(feed)));
    this.itemsPerQuery = subject.itemsPerQuery;
    this.meter = meter;
    this.step = step;
  }

  private query(load: number): Promise<unknown> {
    const queries = this.loads[load]!;
    this.next = (this.next + 1) % queries.length;
    return queries[this.next]!();
  }

  /** Load of a block: round robin, or shifted by one after each round. */
  private loadOf(block: number): number {
    const loads = this.loads.length;
    return (block + (this.step === 2 ? Math.floor(block / loads) : 0)) % loads;
  }

  async warmUp(
    { warmupQueries, warmupSeconds, maxSeconds }: LatencyProtocol,
    signal?: AbortSignal,
  ): Promise<void> {
    for (let load = 0; load < this.loads.length; load++) {
      const start = performance.now();
      const elapsed = () => (performance.now() - start) / 1000;
      for (let query = 0; query < warmupQueries || elapsed() < warmupSeconds; query++) {
        // One query decides whether the model is so slow that ten would already exceed the time allowed.
        if (query > 0 && elapsed() > maxSeconds) break;
        signal?.throwIfAborted();
        await this.query(load);
      }
    }
  }

  async runBlock(seconds: number): Promise<void> {
    const times: number[] = [];
    const load = this.loadOf(this.blocks.length);
    const energy = this.meter?.read();
    const cpu = process.cpuUsage();
    const start = performance.now();
    let last = start;
    do {
      await this.query(load);
      const now = performance.now();
      times.push(now - last);
      last = now;
    } while (last - start < seconds * 1000);
    const used = process.cpuUsage(cpu);
    const joules = energy && this.meter?.between(energy, this.meter.read());
    for (const time of times) this.recorder.add(time);
    const wallSeconds = (last - start) / 1000;
    const sorted = sortedCopy(times);
    this.blocks.push({
      queries: times.length,
      wallSeconds,
      cpuSeconds: (used.user + used.system) / 1e6,
      medianMs: nearestRank(sorted, 0.5),
      p95Ms: nearestRank(sorted, 0.95),
      joules,
    });
    this.count += times.length;
    this.seconds += wallSeconds;
  }

  isDone({ minQueries, minSeconds, maxSeconds }: LatencyProtocol): boolean {
    if (this.blocks.length === 0) return false;
    return this.seconds >= maxSeconds || (this.count >= minQueries && this.seconds >= minSeconds);
  }

  share({ minQueries, minSeconds, maxSeconds }: LatencyProtocol): number {
    const wanted = Math.min(this.count / minQueries, this.seconds / minSeconds);
    return Math.min(1, Math.max(wanted, this.seconds / maxSeconds));
  }

  series(): LatencySeries {
    return { samples: this.recorder.values(), blocks: this.blocks, itemsPerQuery: this.itemsPerQuery };
  }
}
