import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EngineError } from "#engine/error.ts";
import { openZip } from "#engine/runtime/zip.ts";
import { byteEdits } from "#engine/testing/byte-edits.ts";
import { zipOf } from "#engine/testing/zip.ts";
import { encode, itemOf, load } from "../testing/load.ts";
import { zipEdits } from "./testing/edits.ts";
import * as golden from "./testing/golden.ts";
import { bytesOf } from "./testing/golden-bytes.ts";
import { wavOf } from "./testing/wav.ts";

const picture = bytesOf(golden.png.palette);
const pictures = zipOf([
  { path: "a/1.png", content: bytesOf(golden.png.rgb), deflated: true },
  { path: "b/2.png", content: picture },
]);
const photos = zipOf([
  { path: "a/1.jpg", content: bytesOf(golden.jpeg.progressive) },
  { path: "b/2.jpg", content: bytesOf(golden.jpeg.subsampled) },
]);
const idx = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6);
const gridded = { task: "classification", inputs: [{ to: 0, from: "x" }] };
const tabular = { task: "regression", inputs: [{ to: 0, from: "x", missing: 0 }], label: { from: "y" } };
const depicted = {
  task: "classification",
  inputs: [{ to: 0, from: "image", resize: { height: 4, width: 4 } }],
  label: { from: "class" },
};
const heard = {
  task: "classification",
  audio: { rate: 16_000, samples: 2, rest: "pad" },
  inputs: [{ to: 0, from: "audio" }],
};

/** A good file of each format with a manifest that reads it: what is damaged below. */
const corpus: Record<string, { manifest: object; file: Uint8Array }> = {
  csv: { manifest: tabular, file: encode('x,y,t\n1,2,"a, b"\n3,4,c\n-5e3,6,""\n') },
  tsv: { manifest: tabular, file: encode("\uFEFFx\ty\r\n1\t2\r\n3\t4\r\n") },
  jsonl: {
    manifest: tabular,
    file: encode('{"x":1,"y":2,"t":"ä\\u0000"}\n{"x":-3.5e-2,"y":4,"t":null}\n'),
  },
  lists: { manifest: tabular, file: encode('{"x":[[1,2],[3,4]],"y":2}\n{"x":[[5,6],[7,8]],"y":4}\n') },
  parquet: {
    manifest: { ...tabular, inputs: [{ to: 0, from: "v" }], label: { from: "n" } },
    file: bytesOf(golden.parquet.none),
  },
  snappy: { manifest: { ...tabular, label: { from: "n" } }, file: bytesOf(golden.parquet.snappy) },
  zstd: { manifest: { ...tabular, label: { from: "n" } }, file: bytesOf(golden.parquet.zstd) },
  brotli: { manifest: { ...tabular, label: { from: "n" } }, file: bytesOf(golden.parquet.brotli) },
  npz: { manifest: { ...tabular, label: { from: "y" } }, file: bytesOf(golden.npz) },
  wav: { manifest: heard, file: wavOf([0.5, -0.5, 0.25], { bits: 24, isExtensible: true }) },
  png: { manifest: depicted, file: pictures },
  jpeg: { manifest: depicted, file: photos },
};
const arrays: Record<string, Uint8Array> = {
  idx,
  npy: bytesOf(golden.npy["<f4"]),
  fortran: bytesOf(golden.npy.F),
};

const edits = fc.array(
  fc.record({
    kind: fc.constantFrom(...Object.keys(byteEdits)),
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    value: fc.nat(255),
  }),
  { minLength: 1, maxLength: 3 },
);
type Edits = typeof edits extends fc.Arbitrary<infer T> ? T : never;

function damaged(bytes: Uint8Array, list: Edits): Uint8Array {
  return list.reduce(
    (out, { kind, at, value }) =>
      out.length === 0
        ? out
        : (byteEdits[kind as keyof typeof byteEdits]?.(out, Math.floor(at * out.length), value) ?? out),
    bytes,
  );
}

interface Outcomes {
  readonly errors: Set<string>;
  read: number;
  slowest: number;
}

/** A dataset whose every item is finite, or an EngineError with words in it; nothing else. */
async function survive(work: () => ReturnType<typeof load>, outcomes: Outcomes): Promise<void> {
  const started = performance.now();
  try {
    const dataset = await work();
    for (let row = 0; row < dataset.table.rows; row++) {
      if (!itemOf(dataset, row).every(Number.isFinite)) throw new Error(`item ${row} is not finite`);
    }
    outcomes.read++;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    expect(error.detail).not.toBe("");
    outcomes.errors.add(`${error.code}: ${error.detail.replace(/[0-9]+/g, "n").slice(0, 60)}`);
  }
  outcomes.slowest = Math.max(outcomes.slowest, performance.now() - started);
}

const slow = { timeout: 120_000 };

describe("files that were damaged", () => {
  it.each(Object.entries(corpus))("are read or refused in words: %s", slow, async (_name, seed) => {
    const outcomes: Outcomes = { errors: new Set(), read: 0, slowest: 0 };
    const open = (file: Uint8Array) => load({ ...seed.manifest, splits: { test: "f" } }, { f: file });
    await open(seed.file);
    await fc.assert(
      fc.asyncProperty(edits, async (list) => survive(() => open(damaged(seed.file, list)), outcomes)),
      { numRuns: 400, seed: 42 },
    );
    expect(outcomes.errors.size).toBeGreaterThan(3);
    expect(outcomes.slowest).toBeLessThan(2000);
  });

  it.each(Object.entries(arrays))("are read or refused in words: %s", slow, async (_name, file) => {
    const outcomes: Outcomes = { errors: new Set(), read: 0, slowest: 0 };
    const open = (x: Uint8Array) => load({ ...gridded, splits: { test: { x: "f" } } }, { f: x });
    await open(file);
    await fc.assert(
      fc.asyncProperty(edits, async (list) => survive(() => open(damaged(file, list)), outcomes)),
      { numRuns: 400, seed: 42 },
    );
    expect(outcomes.errors.size).toBeGreaterThan(2);
    expect(outcomes.slowest).toBeLessThan(2000);
  });

  it("within an archive whose checksums fit again, are so too", slow, async () => {
    const outcomes: Outcomes = { errors: new Set(), read: 0, slowest: 0 };
    const seeds = [
      { manifest: depicted, path: "a/1.png", content: bytesOf(golden.png.grey16) },
      { manifest: depicted, path: "a/1.png", content: picture },
      { manifest: depicted, path: "a/1.jpg", content: bytesOf(golden.jpeg.baseline) },
      { manifest: depicted, path: "a/1.jpg", content: bytesOf(golden.jpeg.progressive) },
      { manifest: heard, path: "a/1.wav", content: wavOf([0, 0.5]) },
      { manifest: gridded, path: "x.npy", content: bytesOf(golden.npy["<i8"]) },
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...seeds), edits, async ({ manifest, path, content }, list) => {
        const file = zipOf([{ path, content: damaged(content, list) }]);
        await survive(() => load({ ...manifest, splits: { test: "f" } }, { f: file }), outcomes);
      }),
      { numRuns: 1500, seed: 42 },
    );
    expect(outcomes.errors.size).toBeGreaterThan(12);
    expect(outcomes.slowest).toBeLessThan(2000);
  });

  it("or archives whose directory lies, give only what was promised", slow, async () => {
    const errors = new Set<string>();
    let read = 0;
    await fc.assert(
      fc.asyncProperty(zipEdits, async (parts) => {
        try {
          const archive = await openZip(zipOf(parts), "a.zip");
          for (const entry of archive) {
            expect(entry.path).not.toMatch(/^\/|^[A-Za-z]:|\\|(^|\/)\.\.(\/|$)/);
            expect(entry.read().length).toBe(entry.bytes);
            read++;
          }
        } catch (error) {
          if (!(error instanceof EngineError)) throw error;
          errors.add(error.detail.replace(/[0-9]+/g, "n").slice(0, 60));
        }
      }),
      { numRuns: 2000, seed: 42 },
    );
    expect(errors.size).toBeGreaterThan(8);
    expect(read).toBeGreaterThan(100);
  });
});
