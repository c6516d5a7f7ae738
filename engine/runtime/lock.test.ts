import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { acquireMeasurementLock, type LockHolder } from "./lock.ts";

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** Another process that takes the lock, says so on its output and keeps it. */
async function holdElsewhere(name: string): Promise<ChildProcess> {
  const program = `
    import { acquireMeasurementLock } from ${JSON.stringify(join(import.meta.dirname, "lock.ts"))};
    await acquireMeasurementLock({ name: ${JSON.stringify(name)}, label: "other run" });
    console.log("held");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  await once(child.stdout!, "data");
  return child;
}

describe("acquireMeasurementLock", () => {
  it("lets one hold it and the next follow at once", async () => {
    const name = randomUUID();
    const order: string[] = [];
    const first = await acquireMeasurementLock({ name, label: "first" });
    const waiting = Promise.withResolvers<LockHolder | undefined>();
    const second = acquireMeasurementLock({ name, label: "second", onWait: waiting.resolve }).then((lock) => {
      order.push("second");
      return lock;
    });
    const holder = await waiting.promise;
    expect(holder).toMatchObject({ pid: process.pid, label: "first" });
    order.push("release");
    await first.release();
    await (await second).release();
    expect(order).toEqual(["release", "second"]);
  });

  it("is freed by the death of its holder", async () => {
    const name = randomUUID();
    const child = await holdElsewhere(name);
    const waiting = Promise.withResolvers<LockHolder | undefined>();
    const lock = acquireMeasurementLock({ name, label: "me", onWait: waiting.resolve });
    expect(await waiting.promise).toMatchObject({ pid: child.pid, label: "other run" });
    child.kill("SIGKILL");
    await (await lock).release();
  });

  it("never has two holders", async () => {
    const name = randomUUID();
    let holders = 0;
    let most = 0;
    const turn = async () => {
      await using _ = await acquireMeasurementLock({ name, label: "turn" });
      most = Math.max(most, ++holders);
      await new Promise((resolve) => setImmediate(resolve));
      holders--;
    };
    await Promise.all(Array.from({ length: 8 }, turn));
    expect(most).toBe(1);
  });

  it("stops waiting when asked to", async () => {
    const name = randomUUID();
    await using _ = await acquireMeasurementLock({ name, label: "first" });
    const abort = new AbortController();
    const waiting = Promise.withResolvers<void>();
    const second = acquireMeasurementLock({
      name,
      label: "second",
      signal: abort.signal,
      onWait: () => waiting.resolve(),
    });
    await waiting.promise;
    abort.abort(new Error("cancelled"));
    await expect(second).rejects.toThrow("cancelled");
  });
});
