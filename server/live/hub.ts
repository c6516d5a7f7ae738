import { EventEmitter } from "node:events";
import pg from "pg";
import { type LiveEvent, liveChannel, liveEvent } from "#contracts/live.ts";
import { databaseUrl } from "#server/db/client.ts";
import { log } from "#server/log/log.ts";

/** What a subscriber gets: an event, or word that events may have been missed and state must be read again. */
export type LiveMessage = LiveEvent | { readonly kind: "reconnected" };

const retryDelayMs = 500;
/** A silent connection is found dead within this time. */
const probeMs = 10_000;

/**
 * One LISTEN connection a process, shared by all its subscribers. It reconnects for ever; after each reconnection
 * subscribers get `reconnected`, because notifications of the gap are lost.
 */
export class LiveHub {
  readonly #emitter = new EventEmitter<{ message: [LiveMessage] }>();
  readonly #url: string;
  #client: pg.Client | undefined;
  #probe: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(url: string) {
    this.#url = url;
    this.#emitter.setMaxListeners(0);
    void this.#connect(false);
  }

  async #connect(again: boolean): Promise<void> {
    if (this.#closed) return;
    const client = new pg.Client({
      connectionString: this.#url,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    let lost = false;
    const onLost = () => {
      if (lost) return;
      lost = true;
      clearInterval(this.#probe);
      client.end().catch(() => {});
      if (!this.#closed) setTimeout(() => void this.#connect(true), retryDelayMs);
    };
    client.on("error", onLost);
    client.on("end", onLost);
    client.on("notification", ({ payload }) => this.#receive(payload ?? ""));
    try {
      await client.connect();
      await client.query(`listen ${liveChannel}`);
    } catch {
      onLost();
      return;
    }
    this.#client = client;
    this.#probe = setInterval(() => void client.query("select 1").catch(onLost), probeMs);
    if (again) this.#emitter.emit("message", { kind: "reconnected" });
  }

  #receive(payload: string): void {
    try {
      this.#emitter.emit("message", liveEvent.parse(JSON.parse(payload)));
    } catch (error) {
      log.error("a live notification could not be read", error);
    }
  }

  /** Calls `listener` for each message until the returned function is called. */
  subscribe(listener: (message: LiveMessage) => void): () => void {
    this.#emitter.on("message", listener);
    return () => this.#emitter.off("message", listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#probe);
    await this.#client?.end().catch(() => {});
  }
}

const holder = globalThis as typeof globalThis & { parsimonyHub?: LiveHub };

/** The hub of this process. */
export function liveHub(): LiveHub {
  holder.parsimonyHub ??= new LiveHub(databaseUrl());
  return holder.parsimonyHub;
}

/** Lets a test file use a hub on its own database. */
export function useLiveHub(own: LiveHub | undefined): void {
  holder.parsimonyHub = own;
}
