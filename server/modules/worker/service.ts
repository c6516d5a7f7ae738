import type { Db } from "#server/db/client.ts";
import { storable } from "#server/lib/storable.ts";
import * as repo from "./repo.ts";

export interface WorkerIdentity {
  readonly id: string;
  readonly hostName: string;
  readonly pid: number;
  /** CPU model, features, cores, memory and versions. */
  readonly facts: object;
}

export function register(db: Db, worker: WorkerIdentity): Promise<void> {
  return repo.register(db, { ...worker, facts: storable(worker.facts) });
}

export const heartbeat = (db: Db, id: string): Promise<void> => repo.heartbeat(db, id);
export const markStopped = (db: Db, id: string): Promise<void> => repo.markStopped(db, id);

/** Workers heard of within half a minute: for the health of the installation. */
export async function aliveWorkers(db: Db): Promise<{ id: string; hostName: string; heartbeatAt: Date }[]> {
  return repo.alive(db, 30);
}

/** Registrations that the queue has given up; whoever gets them rejects them. */
export const abandonedRegistrations = (db: Db) => repo.abandoned(db);
