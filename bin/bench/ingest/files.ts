import { closeSync, createReadStream, createWriteStream, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { encode as encodePng } from "fast-png";
import { parquetWriteBuffer } from "hyparquet-writer";
import { encode as encodeJpeg } from "jpeg-js";
import { randomStream } from "#engine/evaluate/statistics/random.ts";
import { zipOf } from "#engine/testing/zip.ts";
import { columnCount, imageCount, photoCount, windowSize } from "./subjects.ts";

const random = randomStream(3);
const value = () => Math.round(random.normal() * 1e5) / 1e5;
const classes = ["cat", "dog", "bird", "fish"];
const labelAt = (row: number) => classes[row % classes.length] ?? "";

/** Writes pieces one after the other, so that no large file stands in memory. */
function writePieces(path: string, pieces: Iterable<string | Uint8Array>): void {
  const file = openSync(path, "w");
  for (const piece of pieces) writeSync(file, typeof piece === "string" ? Buffer.from(piece) : piece);
  closeSync(file);
}

/** Makes all files, tables of `rows` rows. */
export async function makeFiles(folder: string, rows: number): Promise<void> {
  const path = (name: string) => join(folder, name);
  const numbers = () => Array.from({ length: columnCount }, value);
  const names = Array.from({ length: columnCount }, (_, index) => `x${index}`);
  writePieces(path("points.csv"), csvPieces(names, numbers, rows));
  await pipeline(
    createReadStream(path("points.csv")),
    createGzip({ level: 1 }),
    createWriteStream(path("points.csv.gz")),
  );
  writePieces(path("points.jsonl"), jsonPieces(names, numbers, rows));
  const columnData = names.map((name) => ({
    name,
    data: Float64Array.from({ length: rows }, value),
    type: "DOUBLE" as const,
  }));
  const labels = Array.from({ length: rows }, (_, row) => labelAt(row));
  const parquet = parquetWriteBuffer({
    columnData: [...columnData, { name: "label", data: labels, type: "STRING" }],
    rowGroupSize: 100_000,
  });
  writeFileSync(path("points.parquet"), new Uint8Array(parquet));
  writePieces(path("items.npy"), npyPieces(Math.round(rows / 20)));
  writeFileSync(path("images.zip"), zipOf(Array.from({ length: imageCount }, (_, at) => pngAt(at))));
  writeFileSync(path("photos.zip"), zipOf(Array.from({ length: photoCount }, (_, at) => jpegAt(at))));
  writePieces(path("sound.wav"), wavPieces(Math.round(rows / 20)));
}

function* csvPieces(names: readonly string[], numbers: () => number[], rows: number) {
  yield `${[...names, "label"].join(",")}\n`;
  for (let row = 0; row < rows; row++) yield `${numbers().join(",")},${labelAt(row)}\n`;
}

function* jsonPieces(names: readonly string[], numbers: () => number[], rows: number) {
  for (let row = 0; row < rows; row++) {
    const cells = numbers().map((cell, index): [string, number] => [names[index] ?? "", cell]);
    yield `${JSON.stringify({ ...Object.fromEntries(cells), label: labelAt(row) })}\n`;
  }
}

function* npyPieces(rows: number) {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, 784), }`.padEnd(117);
  yield Buffer.from(`\x93NUMPY\x01\x00\x76\x00${header}\n`, "latin1");
  for (let row = 0; row < rows; row++) {
    const item = Float32Array.from({ length: 784 }, () => random.uniform());
    yield new Uint8Array(item.buffer);
  }
}

function* wavPieces(windows: number) {
  const bytes = windows * windowSize * 2;
  const header = Buffer.alloc(44);
  header.write("RIFF    WAVEfmt ");
  header.writeUInt32LE(bytes + 36, 4);
  header.writeUInt32LE(16, 16);
  header.writeUInt32LE(0x10001, 20);
  header.writeUInt32LE(16_000, 24);
  header.writeUInt32LE(32_000, 28);
  header.writeUInt32LE(0x100002, 32);
  header.write("data", 36);
  header.writeUInt32LE(bytes, 40);
  yield header;
  for (let at = 0; at < windows; at++) {
    const window = Int16Array.from({ length: windowSize }, () => (random.bits() & 0xffff) - 32_768);
    yield new Uint8Array(window.buffer);
  }
}

/** A bright disc on black whose place follows from the number, as digits are bright on black. */
function pngAt(at: number) {
  const data = Uint8Array.from({ length: 784 }, (_, index) => {
    const [y, x] = [Math.floor(index / 28) - 8 - (at % 12), (index % 28) - 8 - (Math.floor(at / 12) % 12)];
    return x * x + y * y < 20 ? 255 - ((at + index) % 32) : 0;
  });
  const content = encodePng({ width: 28, height: 28, data, channels: 1, depth: 8 });
  return { path: `${labelAt(at)}/${at}.png`, content };
}

function jpegAt(at: number) {
  const side = 224;
  const data = new Uint8Array(4 * side * side);
  for (let pixel = 0; pixel < side * side; pixel++) {
    const [y, x] = [Math.floor(pixel / side), pixel % side];
    data.set([(x + at) & 255, (y * 2 + at) & 255, ((x * y) >> 6) & 255, 255], 4 * pixel);
  }
  return {
    path: `${labelAt(at)}/${at}.jpg`,
    content: encodeJpeg({ width: side, height: side, data }, 85).data,
  };
}
