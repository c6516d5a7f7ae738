import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "#prisma/generated/client.ts";
import { env } from "#server/env.ts";

export type Db = PrismaClient;
/** A client or a transaction of it: what a repo function takes. */
export type Tx = Omit<PrismaClient, "$connect" | "$disconnect" | "$on" | "$transaction" | "$extends">;

export interface Connection {
  /** Typed access. */
  readonly db: Db;
  /** The same connections for what the typed access cannot say (bulk writes, rate limits). */
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

/** A connection of its own, for processes, tests and scripts. Whoever makes it closes it. */
export function connect(url: string, poolSize = 10): Connection {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: 5_000,
    // Prisma reads and writes times as if the session were in UTC, wherever the server thinks it is.
    options: "-c timezone=UTC",
  });
  // An idle connection that the server ends (a restart) is replaced on the next use: no reason to crash.
  pool.on("error", () => {});
  // Nor is one that ends between being handed out and being used: its user hears of it at the next statement, but for
  // that moment nobody listens, and an error that nobody hears ends the process.
  pool.on("connect", (client) => client.on("error", () => {}));
  const db = new PrismaClient({
    adapter: new PrismaPg(pool),
    transactionOptions: { maxWait: 5_000, timeout: 20_000 },
  });
  return {
    db,
    pool,
    close: async () => {
      await db.$disconnect();
      await pool.end();
    },
  };
}

export function databaseUrl(): string {
  const url = env().DATABASE_URL;
  if (!url)
    throw new Error("DATABASE_URL is not set: start with npm start, which brings a database, or set it.");
  return url;
}

const holder = globalThis as typeof globalThis & { parsimonyConnection?: Connection };

/** The connection of this process. Kept on globalThis, because the web build holds this module more than once. */
export function connection(): Connection {
  holder.parsimonyConnection ??= connect(databaseUrl());
  return holder.parsimonyConnection;
}

export function db(): Db {
  return connection().db;
}

/** Lets a test file use its own database behind `connection()`. */
export function useConnection(own: Connection | undefined): void {
  holder.parsimonyConnection = own;
}
