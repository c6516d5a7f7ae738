import type pg from "pg";
import type { ChildMessage } from "#contracts/child.ts";
import { type Measured, measuredSchema } from "#contracts/measurement.ts";
import type { Progress } from "#contracts/run.ts";
import type { Said } from "#engine/remarks/remark.schema.ts";
import { logLine, sayOfRun } from "#server/lib/log-line.ts";
import { storable } from "#server/lib/storable.ts";
import type { Batch, Claim, ExampleBatch, LogLine } from "#server/modules/run/execution/claim.ts";
import { writeBatch } from "#server/modules/run/execution/service.ts";
import { untilAnswered } from "./away.ts";
import { PointBuffer } from "./point-buffer.ts";

/** At most ten writes, and so ten notifications, a second for each run. */
const flushMs = 100;
const linesPerBatch = 1_000;
const pointsPerBatch = 20_000;
/** Kept while the database is away; beyond it lines are left out, and the log says how many. */
const linesKept = 20_000;

const text = (value: string) => value.toWellFormed().replaceAll("\0", "\uFFFD");

function lineOf(level: LogLine["level"], said: Said): LogLine {
  const line = logLine(level, said);
  const data = line.remark && { data: storable({ remark: line.remark }) };
  return { kind: "log", level, text: text(line.text), ...data, at: new Date() };
}

export interface OutboxEvents {
  /** The run has been taken away: nothing more will be written. */
  onStale(): void;
  /** The database refuses what the child says; not a matter of waiting. */
  onFault(error: unknown): void;
}

/**
 * What a child has said and the database does not know yet. Written in batches, in order, each again and again until
 * the database has answered; a batch whose answer was lost is recognised by the number of its last log line.
 */
export class Outbox {
  readonly #pool: pg.Pool;
  readonly #claim: Claim;
  readonly #events: OutboxEvents;
  #base: number;
  #lines: LogLine[] = [];
  #dropped = 0;
  readonly #points = new PointBuffer();
  #measurements = new Map<string, Measured>();
  #progress: Progress | null = null;
  #examples: ExampleBatch | null = null;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #state: "open" | "stale" | "faulty" = "open";
  readonly #abort = new AbortController();

  constructor(pool: pg.Pool, claim: Claim, events: OutboxEvents) {
    this.#pool = pool;
    this.#claim = claim;
    this.#events = events;
    this.#base = claim.lastSeq;
  }

  /** Takes what concerns the database; other messages are the caller's. */
  add(message: ChildMessage): void {
    if (message.kind === "progress") this.#progress = message.progress;
    else if (message.kind === "log") this.line(message.level, message.said);
    else if (message.kind === "points") this.#points.add(text(message.name), message.steps, message.values);
    else if (message.kind === "examples") this.#examples = message;
    else if (message.kind === "measurements") {
      for (const one of message.measurements) this.#measurements.set(`${one.name}@${one.split}`, clean(one));
    } else return;
    this.#schedule();
  }

  line(level: LogLine["level"], said: Said): void {
    if (this.#lines.length >= linesKept) this.#dropped++;
    else this.#lines.push(lineOf(level, said));
    this.#schedule();
  }

  #schedule(): void {
    if (this.#state !== "open" || this.#timer || this.#writing) return;
    this.#timer = setTimeout(() => void this.#flush(), flushMs);
  }

  #isEmpty(): boolean {
    const kept = this.#lines.length + this.#dropped + this.#measurements.size;
    return kept === 0 && this.#points.size === 0 && !this.#progress && !this.#examples;
  }

  #take(): Batch {
    const lines = this.#lines.splice(0, linesPerBatch);
    if (this.#dropped > 0 && this.#lines.length === 0) {
      lines.push(lineOf("warn", sayOfRun("log.linesLost", { count: this.#dropped })));
      this.#dropped = 0;
    }
    const batch = {
      lines,
      progress: this.#progress,
      points: this.#points.take(pointsPerBatch),
      measurements: [...this.#measurements.values()],
      examples: this.#examples,
    };
    this.#progress = null;
    this.#examples = null;
    this.#measurements = new Map();
    return batch;
  }

  #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
      if (!this.#isEmpty()) this.#schedule();
    });
    return this.#writing;
  }

  async #write(): Promise<void> {
    if (this.#state !== "open" || this.#isEmpty()) return;
    const batch = this.#take();
    try {
      const write = () => writeBatch(this.#pool, this.#claim, this.#base, batch);
      const outcome = await untilAnswered(write, this.#abort.signal);
      if (outcome === "written") {
        this.#base += batch.lines.length;
      } else {
        this.#state = "stale";
        this.#events.onStale();
      }
    } catch (error) {
      this.#state = "faulty";
      if (!this.#abort.signal.aborted) this.#events.onFault(error);
    }
  }

  /** Writes all that is left. True where everything has been written and the claim still held at the last write. */
  async drain(): Promise<boolean> {
    while (this.#state === "open" && (this.#writing || !this.#isEmpty())) await this.#flush();
    return this.#state === "open";
  }

  /** Gives up what is left. */
  abandon(): void {
    this.#abort.abort(new Error("abandoned"));
    clearTimeout(this.#timer);
    if (this.#state === "open") this.#state = "faulty";
  }
}

/** Names in a hostile file may hold what the database refuses. */
const clean = (measured: Measured): Measured => measuredSchema.parse(storable(measured));
