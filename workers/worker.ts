import { randomUUID } from "node:crypto";
import os from "node:os";
import { join } from "node:path";
import { jobs } from "#contracts/jobs.ts";
import { type Connection, connect, useConnection } from "#server/db/client.ts";
import { LiveHub } from "#server/live/hub.ts";
import { log } from "#server/log/log.ts";
import { maintainStorage } from "#server/modules/upload/maintenance.ts";
import { markStopped, register } from "#server/modules/worker/service.ts";
import { type QueueWorker, startWorking } from "#server/queue/work.ts";
import { pause, untilAnswered } from "./away.ts";
import { removeCheckpoints } from "./checkpoints.ts";
import type { ChildLimits } from "./child-end.ts";
import type { WorkerContext } from "./context.ts";
import { handlersOf } from "./handlers/index.ts";
import { workerFacts } from "./machine.ts";
import { every, heartbeatSeconds, pulse, sweep, sweepSeconds } from "./pulse.ts";
import { removeForgotten } from "./task.ts";

export interface WorkerOptions {
  readonly url: string;
  readonly home: string;
  readonly slots: number;
  /** The longest that a run may take. */
  readonly runSeconds: number;
  /** The most memory that a run may take; by default its share of most of the machine's. */
  readonly runMemoryMib?: number | undefined;
  /** From one checkpoint of a training to the next, at least. */
  readonly checkpointSeconds: number;
  /** Name of the lock of this host for measuring; by default the one that all workers of a host share. */
  readonly measureLock?: string | undefined;
}

/** At a shutdown: what children get to finish, and what writing the last words may take when the database is away. */
const finishMs = 2_000;
const lastWordsMs = 8_000;
const daySeconds = 86_400;

export interface RunningWorker {
  readonly id: string;
  stop(): Promise<void>;
}

/** Less than the time after which the queue would hand out the job of a check to a second worker. */
const checkSeconds = jobs["model.inspect"].settings.expireInSeconds - 300;

function limitsFor({ slots, runSeconds, runMemoryMib }: WorkerOptions): ChildLimits {
  const share = Math.max(2 ** 30, Math.floor((0.8 * os.totalmem()) / slots));
  return {
    wallSeconds: runSeconds,
    memoryBytes: runMemoryMib === undefined ? share : runMemoryMib * 2 ** 20,
  };
}

function contextOf(options: WorkerOptions, connection: Connection, ending: AbortSignal): WorkerContext {
  const limits = limitsFor(options);
  return {
    id: randomUUID(),
    hostName: os.hostname(),
    connection,
    workRoot: join(options.home, "work"),
    checkpointRoot: join(options.home, "checkpoints"),
    checkpointSeconds: options.checkpointSeconds,
    measureLock: options.measureLock ?? null,
    limits,
    checkLimits: { ...limits, wallSeconds: Math.min(limits.wallSeconds, checkSeconds) },
    held: new Set(),
    active: new Map(),
    checking: new Set(),
    ending,
  };
}

/** Asks the children to end, and waits until their runs are back in the queue or `ms` have passed. */
async function endChildren(context: WorkerContext, queue: QueueWorker, abort: () => void): Promise<void> {
  const { active, checking } = context;
  const stopped = queue.stop(finishMs + lastWordsMs);
  for (const until = Date.now() + finishMs; Date.now() < until && active.size + checking.size > 0; )
    await pause(50);
  for (const { child } of active.values()) child.stop("shutdown");
  for (const child of checking) child.stop("shutdown");
  const timer = setTimeout(abort, lastWordsMs);
  await stopped.catch((error) => log.warn("the queue did not stop cleanly", { error: String(error) }));
  clearTimeout(timer);
  abort();
}

/** Connects, says who it is, and takes jobs until stopped. Waits for a database that is away, now and later. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const connection = connect(options.url, 4 + 2 * options.slots);
  useConnection(connection);
  const ending = new AbortController();
  const context = contextOf(options, connection, ending.signal);
  const { id, hostName } = context;
  const { db } = connection;
  await untilAnswered(() => register(db, { id, hostName, pid: process.pid, facts: workerFacts() }));
  const hub = new LiveHub(options.url);
  hub.subscribe((message) => {
    if (message.kind === "cancel") context.active.get(message.runId)?.child.stop("cancel");
    // What was asked while nobody listened is found in the rows.
    if (message.kind === "reconnected") void pulse(context).catch(() => {});
  });
  const slots = { "run.execute": options.slots, "model.inspect": 1, "dataset.ingest": 1 };
  const queue = await untilAnswered(() => startWorking(options.url, handlersOf(context), slots));
  const quiet = new AbortController();
  every(heartbeatSeconds, ending.signal, "the heartbeat", () => pulse(context));
  every(sweepSeconds, quiet.signal, "the sweep", async () => {
    await sweep(context);
    await removeCheckpoints(context);
  });
  every(daySeconds, quiet.signal, "the maintenance of the store", async () => {
    await maintainStorage(db);
    await removeForgotten(context.workRoot);
  });
  log.info("the worker is ready", { id, slots: options.slots });
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    log.info("the worker stops", { id, runs: context.active.size });
    quiet.abort();
    await endChildren(context, queue, () => ending.abort(new Error("the worker ends")));
    await Promise.race([markStopped(db, id).catch(() => {}), pause(2_000)]);
    await Promise.race([Promise.allSettled([hub.close(), connection.close()]), pause(2_000)]);
  };
  return { id, stop: () => (stopping ??= stop()) };
}
