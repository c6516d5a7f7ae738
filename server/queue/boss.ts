import { type ConstructorOptions, PgBoss } from "pg-boss";
import { type JobSettings, jobNames, jobs } from "#contracts/jobs.ts";
import type { Connection } from "#server/db/client.ts";
import { log } from "#server/log/log.ts";

/** pg-boss keeps its tables apart from ours. */
export const queueSchema = "pgboss";

/** Faults that the queue mends by itself (a lost connection above all) must not end the process. */
export function logFaults(boss: PgBoss, where: string): void {
  let last = 0;
  boss.on("error", (error) => {
    // One line in ten seconds: an outage would otherwise fill the log.
    if (Date.now() - last < 10_000) return;
    last = Date.now();
    log.warn("the queue reports a fault", { where, error: String(error) });
  });
}

async function createQueues(boss: PgBoss): Promise<void> {
  const present = new Set((await boss.getQueues()).map((queue) => queue.name));
  for (const name of jobNames) {
    const settings: JobSettings = jobs[name].settings;
    if (present.has(name)) await boss.updateQueue(name, { ...settings, notify: true });
    else await boss.createQueue(name, { ...settings, notify: true, deleteAfterSeconds: 86_400 });
  }
}

/** Starts an instance after it has made or upgraded its schema and its queues; safe in several processes at once. */
export async function startBoss(options: ConstructorOptions, where: string): Promise<PgBoss> {
  const boss = new PgBoss({ schema: queueSchema, schedule: false, ...options });
  logFaults(boss, where);
  try {
    await boss.start();
    await createQueues(boss);
    return boss;
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => {});
    throw error;
  }
}

/** Instances that only send, one for each connection, on that connection's own pool. */
const senders = new WeakMap<Connection, Promise<PgBoss>>();

export function sender(connection: Connection): Promise<PgBoss> {
  let made = senders.get(connection);
  if (!made) {
    made = startBoss(
      {
        db: { executeSql: (text, values) => connection.pool.query(text, values) },
        supervise: false,
        registerInstance: false,
      },
      "sender",
    );
    // A database that was away at the first try is no reason to fail for ever.
    made.catch(() => senders.delete(connection));
    senders.set(connection, made);
  }
  return made;
}
