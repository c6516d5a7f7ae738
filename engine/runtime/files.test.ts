import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { externalFilesBeside } from "./external-files.ts";
import { FileBytes, RandomFile } from "./file-bytes.ts";
import { readFile, writeFileAtomically } from "./files.ts";
import { ThreadPool } from "./pool.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "files-"));
});
afterEach(() => rmSync(root, { recursive: true }));

describe("reading", () => {
  it("reads ranges and whole files", async () => {
    const path = join(root, "a");
    writeFileSync(path, "hello");
    using file = new RandomFile(path);
    expect(file.size).toBe(5);
    expect(new TextDecoder().decode(file.read(1, 3))).toBe("ell");
    expect(() => file.read(3, 10)).toThrow(/became shorter/);
    expect((await readFile(path, 5)).length).toBe(5);
    await expect(readFile(path, 4)).rejects.toThrow(/at most 4/);
  });

  it("says why a file cannot be read", () => {
    expect(() => new RandomFile(join(root, "absent"))).toThrow(/no such file/);
    expect(() => new RandomFile(root)).toThrow(/folder|regular file/);
  });

  it("does not wait for a pipe that nobody writes to", () => {
    const path = join(root, "pipe");
    execFileSync("mkfifo", [path]);
    expect(() => new RandomFile(path)).toThrow(/regular file/);
  });
});

describe("external data beside a model", () => {
  it("opens files of the folder and none that a link leads to outside", () => {
    mkdirSync(join(root, "model/sub"), { recursive: true });
    writeFileSync(join(root, "model/m.onnx"), "");
    writeFileSync(join(root, "model/sub/w.bin"), "1234");
    writeFileSync(join(root, "secret"), "secret");
    symlinkSync("../secret", join(root, "model/link"));
    symlinkSync("sub/w.bin", join(root, "model/inside"));
    using files = externalFilesBeside(join(root, "model/m.onnx"));
    expect(files.open("sub/w.bin")?.size).toBe(4);
    expect(files.open("inside")?.size).toBe(4);
    expect(files.open("absent")).toBeUndefined();
    expect(() => files.open("link")).toThrow(/link out of/);
    expect(() => files.open("../secret")).toThrow(/link out of/);
  });
});

describe("writing", () => {
  it("puts the chunks in order and leaves nothing else", async () => {
    const path = join(root, "out");
    await writeFileAtomically(path, [Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(3)]);
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
    expect(readdirSync(root)).toEqual(["out"]);
  });

  it("keeps what was there when the chunks fail half way", async () => {
    const path = join(root, "out");
    writeFileSync(path, "old");
    function* chunks() {
      yield Uint8Array.of(1);
      throw new Error("broken source");
    }
    await expect(writeFileAtomically(path, chunks())).rejects.toThrow("broken source");
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(root)).toEqual(["out"]);
  });

  it("says so where a piece fails while others are written", async () => {
    await using pool = new ThreadPool(2);
    writeFileSync(join(root, "source"), "short");
    using source = new RandomFile(join(root, "source"));
    const path = join(root, "out");
    // Threads that run already fail at once.
    await writeFileAtomically(path, [new FileBytes(source, 0, 5), new FileBytes(source, 0, 5)], pool);
    rmSync(path);
    function* chunks() {
      yield new FileBytes(source, 0, 100);
      for (let count = 0; count < 2000; count++) yield Uint8Array.of(1);
    }
    await expect(writeFileAtomically(path, chunks(), pool)).rejects.toThrow("became shorter");
    expect(readdirSync(root)).toEqual(["source"]);
  });

  it("waits for the pieces where the chunks fail", async () => {
    await using pool = new ThreadPool(2);
    writeFileSync(join(root, "source"), new Uint8Array(1 << 24));
    using source = new RandomFile(join(root, "source"));
    function* chunks() {
      yield new FileBytes(source, 0, source.size);
      throw new Error("broken source");
    }
    await expect(writeFileAtomically(join(root, "out"), chunks(), pool)).rejects.toThrow("broken source");
    expect(readdirSync(root)).toEqual(["source"]);
  });

  it("puts pieces of many threads into their places, however often the disk gets some", async () => {
    await using pool = new ThreadPool(3);
    const bytes = new Uint8Array(3 * 2 ** 24 + 5).map((_, at) => at >>> 12);
    writeFileSync(join(root, "source"), bytes);
    using source = new RandomFile(join(root, "source"));
    const parts = [new FileBytes(source, 0, 2 ** 25 + 1), new FileBytes(source, 2 ** 25 + 1, 2 ** 24 + 4)];
    await writeFileAtomically(join(root, "out"), [Uint8Array.of(7), ...parts, Uint8Array.of(9)], pool);
    const written = readFileSync(join(root, "out"));
    expect(written.length).toBe(bytes.length + 2);
    expect(Buffer.compare(written.subarray(1, -1), bytes)).toBe(0);
    expect([written[0], written.at(-1)]).toEqual([7, 9]);
  });

  it("names the path where it cannot write", async () => {
    await expect(writeFileAtomically(join(root, "no/such/folder"), [])).rejects.toThrow(
      /Cannot write.*no such file.*no\/such/,
    );
  });
});
