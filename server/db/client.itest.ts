import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { testDatabase } from "#server/testing/database.ts";

const database = testDatabase();

it("reads the moments that the database wrote, and writes those that the database reads, wherever the server is", async () => {
  const { db, pool } = database;
  const shown = await pool.query<{ zone: string }>(
    "select reset_val as zone from pg_settings where name = 'TimeZone'",
  );
  expect(shown.rows[0]?.zone).toBe("UTC");
  const now = new Date();
  const own = await db.worker.create({
    data: { id: randomUUID(), hostName: "here", pid: 1, facts: {}, startedAt: now, heartbeatAt: now },
  });
  await pool.query(`update "worker" set "heartbeatAt" = now() where "id" = $1`, [own.id]);
  const row = await db.worker.findUniqueOrThrow({ where: { id: own.id } });
  expect(Math.abs(row.heartbeatAt.getTime() - now.getTime())).toBeLessThan(60_000);
  const apart = await pool.query<{ seconds: number }>(
    `select abs(extract(epoch from "heartbeatAt" - "startedAt"))::float8 as seconds from "worker" where "id" = $1`,
    [own.id],
  );
  expect(apart.rows[0]?.seconds).toBeLessThan(60);
});

it("survives the loss of a connection that is in somebody's hand", async () => {
  const client = await database.pool.connect();
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  const ended = new Promise((resolve) => client.once("end", resolve));
  await database.pool.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
  await ended;
  await expect(client.query("select 1")).rejects.toThrow();
  client.release(true);
  expect((await database.pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
});
