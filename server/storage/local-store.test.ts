import { createHash, randomBytes } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppError } from "#contracts/errors.ts";
import { LocalStore } from "./local-store.ts";

let root: string;
let store: LocalStore;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "parsimony-store-"));
  store = new LocalStore(root);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const limit = 1 << 30;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

function streamOf(...chunks: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
  });
}

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  return Buffer.from(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}

/** Every file of the store, temporary ones included. */
function files(): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
}

describe("what goes in comes out", () => {
  it("keeps a file under its hash, byte for byte, and nothing else", async () => {
    const content = randomBytes(700_001);
    const stored = await store.put(streamOf(content.subarray(0, 5), content.subarray(5)), { limit });
    expect(stored).toEqual({ sha256: sha256(content), bytes: 700_001 });
    const path = await store.path(stored.sha256);
    expect(path).toBe(join(root, stored.sha256.slice(0, 2), stored.sha256.slice(2, 4), stored.sha256));
    expect(readFileSync(path).equals(content)).toBe(true);
    expect((await bytesOf(await store.open(stored.sha256))).equals(content)).toBe(true);
    expect(await store.size(stored.sha256)).toBe(700_001);
    expect(files()).toEqual([stored.sha256]);
  });

  it("reads exactly the range asked for", async () => {
    const content = randomBytes(600_000);
    const { sha256: hash } = await store.put(streamOf(content), { limit });
    for (const [start, end] of [
      [0, 0],
      [599_999, 599_999],
      [1, 262_144],
      [262_143, 524_290],
      [0, 599_999],
    ] as const) {
      const part = await bytesOf(await store.open(hash, { start, end }));
      expect(part.equals(content.subarray(start, end + 1)), `${start}-${end}`).toBe(true);
    }
  });

  it("keeps an empty file and equal bytes once", async () => {
    const empty = await store.put(streamOf(), { limit });
    expect(empty).toEqual({ sha256: sha256(new Uint8Array()), bytes: 0 });
    const [one, other] = [randomBytes(1000), randomBytes(1000)];
    await Promise.all(Array.from({ length: 8 }, () => store.put(streamOf(one), { limit })));
    await store.put(streamOf(other), { limit });
    expect(files().sort()).toEqual([empty.sha256, sha256(one), sha256(other)].sort());
  });

  it("mends a file that has become shorter", async () => {
    const content = randomBytes(5000);
    const { sha256: hash } = await store.put(streamOf(content), { limit });
    rmSync(await store.path(hash));
    writeFileSync(join(root, hash.slice(0, 2), hash.slice(2, 4), hash), content.subarray(0, 10));
    await store.put(streamOf(content), { limit });
    expect((await bytesOf(await store.open(hash))).equals(content)).toBe(true);
  });

  it("stops reading and closes the file when the reader goes away", async () => {
    const { sha256: hash } = await store.put(streamOf(randomBytes(900_000)), { limit });
    const before = readdirSync("/proc/self/fd").length;
    const reader = (await store.open(hash)).getReader();
    await reader.read();
    await reader.cancel();
    expect(readdirSync("/proc/self/fd").length).toBe(before);
  });
});

describe("nothing is left of what fails", () => {
  it("refuses a stream past the limit without reading on", async () => {
    let taken = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        taken += 1000;
        controller.enqueue(new Uint8Array(1000));
      },
    });
    await expect(store.put(endless, { limit: 10_000 })).rejects.toMatchObject({ code: "uploadTooLarge" });
    expect(taken).toBeLessThan(15_000);
    expect(files()).toEqual([]);
  });

  it("refuses an announced length over the limit before the first byte", async () => {
    await expect(
      store.put(streamOf(new Uint8Array(1)), { limit: 10, expectedBytes: 11 }),
    ).rejects.toMatchObject({
      code: "uploadTooLarge",
      details: { limit: 10 },
    });
    expect(files()).toEqual([]);
  });

  it.each([
    ["shorter than announced", 11],
    ["longer than announced", 9],
  ])("refuses what is %s", async (_name, expectedBytes) => {
    await expect(store.put(streamOf(new Uint8Array(10)), { limit, expectedBytes })).rejects.toMatchObject({
      code: "uploadIncomplete",
    });
    expect(files()).toEqual([]);
  });

  it("refuses bytes that are not those announced", async () => {
    const put = store.put(streamOf(new Uint8Array(10)), { limit, expectedSha256: sha256(new Uint8Array(9)) });
    await expect(put).rejects.toMatchObject({ code: "uploadIncomplete" });
    expect(files()).toEqual([]);
  });

  it("tells of a source that breaks", async () => {
    let sent = false;
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent) controller.error(new Error("connection reset"));
        else controller.enqueue(new Uint8Array(4096));
        sent = true;
      },
    });
    await expect(store.put(broken, { limit })).rejects.toMatchObject({
      code: "uploadIncomplete",
      details: { bytes: 4096 },
    });
    expect(files()).toEqual([]);
  });

  it("ends at once on abort although the source is silent, and tells the source", async () => {
    const abort = new AbortController();
    let cancelled: unknown;
    const silent = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(10)),
      cancel(reason) {
        cancelled = reason;
      },
    });
    const reason = new AppError("unauthenticated");
    const put = store.put(silent, { limit, signal: abort.signal, onBytes: () => abort.abort(reason) });
    await expect(put).rejects.toBe(reason);
    expect(cancelled).toBe(reason);
    expect(files()).toEqual([]);
  });

  it("ends on an abort that came before it began", async () => {
    const reason = new AppError("unauthenticated");
    const put = store.put(streamOf(new Uint8Array(10)), { limit, signal: AbortSignal.abort(reason) });
    await expect(put).rejects.toBe(reason);
    expect(files()).toEqual([]);
  });

  it("says that the store is full when the disk is", async () => {
    const full = new LocalStore(root, {
      beforeWrite(written) {
        if (written >= 30_000) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
      },
    });
    const chunks = Array.from({ length: 5 }, () => new Uint8Array(10_000));
    await expect(full.put(streamOf(...chunks), { limit })).rejects.toMatchObject({ code: "storeFull" });
    expect(files()).toEqual([]);
    // The next small file fits.
    await full.put(streamOf(new Uint8Array(10_000)), { limit });
    expect(files()).toHaveLength(1);
  });

  it("passes on a fault that it does not know", async () => {
    const fault = new Error("a bug");
    const broken = new LocalStore(root, {
      beforeWrite() {
        throw fault;
      },
    });
    await expect(broken.put(streamOf(new Uint8Array(1)), { limit })).rejects.toBe(fault);
    expect(files()).toEqual([]);
  });
});

describe("staged files", () => {
  it("are invisible until published and gone when discarded", async () => {
    const content = randomBytes(100);
    const staged = await store.receive(streamOf(content), { limit });
    expect(await store.has(staged.sha256)).toBe(false);
    await staged.publish();
    expect(await store.has(staged.sha256)).toBe(true);
    const again = await store.receive(streamOf(randomBytes(100)), { limit });
    await again.discard();
    expect(files()).toEqual([staged.sha256]);
  });

  it("of a killed process are swept once idle, and only those", async () => {
    const idle = await store.receive(streamOf(randomBytes(10)), { limit });
    const temporary = readdirSync(join(root, "tmp")).map((name) => join(root, "tmp", name));
    const old = new Date(Date.now() - 60_000);
    for (const path of temporary) utimesSync(path, old, old);
    const active = await store.receive(streamOf(randomBytes(10)), { limit });
    expect(await store.sweep(30_000)).toBe(1);
    await active.publish();
    await expect(idle.publish()).rejects.toThrow(/ENOENT/);
    expect(files()).toEqual([active.sha256]);
  });

  it("can be swept before the store has ever been used", async () => {
    expect(await new LocalStore(join(root, "absent")).sweep(0)).toBe(0);
  });
});

describe("hashes from elsewhere", () => {
  it.each(["", "../../etc/passwd", "a".repeat(63), "A".repeat(64), `${"a".repeat(64)}/..`])(
    "never become a path: %j",
    async (hash) => {
      await expect(store.open(hash)).rejects.toMatchObject({ code: "notFound" });
      await expect(store.path(hash)).rejects.toMatchObject({ code: "notFound" });
      await expect(store.remove(hash)).rejects.toMatchObject({ code: "notFound" });
    },
  );

  it("that are unknown are not found, and removing them is no error", async () => {
    const hash = "0".repeat(64);
    await expect(store.open(hash)).rejects.toMatchObject({ code: "notFound" });
    expect(await store.has(hash)).toBe(false);
    await store.remove(hash);
  });
});

it("lists what it has and forgets what was removed", async () => {
  const one = await store.put(streamOf(randomBytes(10)), { limit });
  const other = await store.put(streamOf(randomBytes(10)), { limit });
  const listed: string[] = [];
  for await (const { sha256: hash, receivedAt } of store.list()) {
    expect(Math.abs(Date.now() - receivedAt)).toBeLessThan(60_000);
    listed.push(hash);
  }
  expect(listed.sort()).toEqual([one.sha256, other.sha256].sort());
  const path = await store.path(one.sha256);
  await store.remove(one.sha256);
  expect(existsSync(path)).toBe(false);
  await expect(store.path(one.sha256)).rejects.toMatchObject({ code: "notFound" });
});
