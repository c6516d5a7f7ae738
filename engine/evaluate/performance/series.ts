/** One stretch of back-to-back queries of one model. */
export interface Block {
  readonly queries: number;
  readonly wallSeconds: number;
  /** User and system time of the process, all threads. */
  readonly cpuSeconds: number;
  /** Quantiles of the block's queries. */
  readonly medianMs: number;
  readonly p95Ms: number;
  /** Energy of the packages, where a meter could be read. */
  readonly joules: number | undefined;
}

/** What timing a model gave. Block i of a baseline and of its candidate were measured next to each other. */
export interface LatencySeries {
  /** Milliseconds per query, in order of time; evenly thinned out where there were too many to keep. */
  readonly samples: Float64Array;
  readonly blocks: readonly Block[];
  /** Items in one query: the batch. */
  readonly itemsPerQuery: number;
}

/** Keeps at most `capacity` samples, evenly spread over time: when full, every second one is dropped. */
export class SampleRecorder {
  private readonly kept: Float64Array;
  private length = 0;
  private stride = 1;
  private seen = 0;

  constructor(capacity = 2 ** 18) {
    this.kept = new Float64Array(capacity);
  }

  add(value: number): void {
    if (this.seen++ % this.stride !== 0) return;
    if (this.length === this.kept.length) {
      for (let index = 0; 2 * index < this.length; index++) this.kept[index] = this.kept[2 * index]!;
      this.length = Math.ceil(this.length / 2);
      this.stride *= 2;
      // The sample at hand falls on the coarser grid only every other time.
      if ((this.seen - 1) % this.stride !== 0) return;
    }
    this.kept[this.length++] = value;
  }

  values(): Float64Array {
    return this.kept.slice(0, this.length);
  }
}
