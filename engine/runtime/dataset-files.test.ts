import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { loadDatasetFrom, openFiles, openFolder } from "./dataset-files.ts";
import { gzipSize, gzipSizeOfFile } from "./gzip-size.ts";
import { sha256Hex } from "./hash.ts";

const folder = mkdtempSync(join(tmpdir(), "files-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("gzipSizeOfFile", () => {
  it("is the size that gzip gives", async () => {
    const content = Buffer.alloc(3_000_000, "abc");
    writeFileSync(join(folder, "one"), content);
    expect(await gzipSizeOfFile(join(folder, "one"))).toBe(gzipSync(content).length);
    expect(await gzipSize([content.subarray(0, 1_000_000), content.subarray(1_000_000)])).toBe(
      gzipSync(content).length,
    );
  });

  it("names a file that is not there, and stops when asked to", async () => {
    await expect(gzipSizeOfFile(join(folder, "absent"))).rejects.toThrow("there is no such file");
    const signal = AbortSignal.abort(new Error("cancelled"));
    await expect(gzipSizeOfFile(join(folder, "one"), signal)).rejects.toThrow("cancelled");
  });
});

describe("dataset files", () => {
  const manifest =
    "name: a\ntask: regression\nsplits: {test: t.csv.gz}\ninputs: [{to: 0, from: x}]\nlabel: {from: y}\n";

  it("are found by folder or manifest, and unpacked by content", async () => {
    writeFileSync(join(folder, "t.csv.gz"), gzipSync("x,y\n1,2\n"));
    await expect(loadDatasetFrom(folder)).rejects.toThrow("dataset.yaml or dataset.yml or dataset.json");
    writeFileSync(join(folder, "dataset.yaml"), manifest);
    expect((await loadDatasetFrom(folder)).table.rows).toBe(1);
    expect((await loadDatasetFrom(join(folder, "dataset.yaml"))).splits.test.length).toBe(1);
    await expect(loadDatasetFrom(join(folder, "nowhere"))).rejects.toThrow("no such dataset");
  });

  it("stay inside what was given", () => {
    expect(() => openFolder(folder)("../etc")).toThrow("no file");
    expect(() => openFolder(folder)("missing.csv")).toThrow('no file "missing.csv"');
    const open = openFiles(new Map([["t.csv", join(folder, "t.csv.gz")]]));
    expect(new TextDecoder().decode(open("t.csv"))).toBe("x,y\n1,2\n");
    expect(() => open("dataset.yaml")).toThrow('no file "dataset.yaml"; it has t.csv');
    expect(() => openFiles(new Map([["gone", join(folder, "gone")]]))("gone")).toThrow(
      "there is no such file",
    );
    expect(() => openFiles(new Map([["dir", folder]]))("dir")).toThrow("folder");
  });
});

describe("sha256Hex", () => {
  it("has the value of the standard's example", () => {
    expect(sha256Hex(Buffer.from("abc"))).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });
});
