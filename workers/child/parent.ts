import type { ChildMessage } from "#contracts/child.ts";
import type { LogRemark } from "#contracts/log.words.ts";
import type { Progress } from "#contracts/run.ts";
import type { EngineRemark } from "#engine/say.ts";

const pending = new Set<Promise<void>>();

/** Tells the worker. A worker that has gone hears nothing; this process then ends by its disconnection. */
export function say(message: ChildMessage): void {
  const sent = new Promise<void>((resolve) => {
    if (!process.send?.(message, undefined, {}, () => resolve())) resolve();
  });
  pending.add(sent);
  void sent.then(() => pending.delete(sent));
}

/** Resolves when everything that was said has left this process. */
export async function said(): Promise<void> {
  await Promise.all(pending);
}

export function tell(remark: EngineRemark | LogRemark, level: "info" | "warn" | "error" = "info"): void {
  say({ kind: "log", level, said: remark });
}

/** Progress more often than this is of no use to anybody. */
const progressMs = 200;

/** Share of the task that must be done before its pace says something about the rest. */
const leastGain = 0.02;

/** Reports how far the task is, with the time left as the time so far suggests. */
export class ProgressReporter {
  /** Since when, and from where on, the pace is judged. */
  #from = { at: performance.now(), fraction: 0 };
  #isRestarting = false;
  #last = Number.NEGATIVE_INFINITY;
  #step = "";
  #fraction = 0;

  report(step: string, fraction: number): void {
    const now = performance.now();
    const isNew = step !== this.#step;
    this.#fraction = Math.min(1, Math.max(this.#fraction, fraction));
    if (this.#isRestarting) this.#from = { at: now, fraction: this.#fraction };
    this.#isRestarting = false;
    if (!isNew && now - this.#last < progressMs) return;
    this.#step = step;
    this.#last = now;
    say({ kind: "progress", progress: this.#message(now) });
  }

  #message(now: number): Progress {
    const elapsed = (now - this.#from.at) / 1_000;
    const gained = this.#fraction - this.#from.fraction;
    const known = gained > leastGain && elapsed > 1;
    const etaSeconds = known ? Math.round((elapsed * (1 - this.#fraction)) / gained) : null;
    return { fraction: this.#fraction, step: this.#step, etaSeconds };
  }

  /** From the next report on, the time left follows from the pace since then alone. */
  restart(): void {
    this.#isRestarting = true;
  }

  /** Reports for a part of the whole: from `from` to `to`. */
  part(step: string, from: number, to: number): (share: number) => void {
    this.report(step, from);
    return (share) => this.report(step, from + (to - from) * Math.min(1, Math.max(0, share)));
  }
}
