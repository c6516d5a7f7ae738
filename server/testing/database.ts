import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, inject } from "vitest";
import { type Connection, connect, useConnection } from "#server/db/client.ts";
import { LiveHub, useLiveHub } from "#server/live/hub.ts";

export interface TestDatabase extends Connection {
  readonly url: string;
}

async function admin(server: string, statement: (name: string) => string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${server}postgres` });
  await client.connect();
  try {
    await client.query(statement(client.escapeIdentifier(name)));
  } finally {
    await client.end();
  }
}

/**
 * A database of this test file's own, cloned from the migrated template; `db()` and `connection()` of the code under
 * test use it too. Call at the top of the file; the returned object is filled before the first test.
 */
export function testDatabase(): TestDatabase {
  const own = {} as { -readonly [K in keyof TestDatabase]: TestDatabase[K] };
  const name = `test_${randomBytes(6).toString("hex")}`;
  let hub: LiveHub | undefined;
  beforeAll(async () => {
    const server = inject("databaseServer");
    await admin(server, (id) => `create database ${id} template template_parsimony`, name);
    const url = `${server}${name}`;
    Object.assign(own, connect(url, 8), { url });
    hub = new LiveHub(url);
    useConnection(own);
    useLiveHub(hub);
  });
  afterAll(async () => {
    useConnection(undefined);
    useLiveHub(undefined);
    await hub?.close();
    await own.close();
    await admin(inject("databaseServer"), (id) => `drop database ${id} with (force)`, name);
  });
  return own;
}
