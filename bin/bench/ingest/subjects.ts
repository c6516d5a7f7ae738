/** A file of each format, how many items it has, and the manifest that reads it. */
export interface Subject {
  readonly name: string;
  readonly file: string;
  readonly unit: "rows" | "images" | "windows";
  readonly manifest: object;
  /** The library that is timed beside, reading all of the file and keeping nothing but what it hands out. */
  readonly library: string;
}

const columns = 10;
const table = {
  name: "points",
  task: "classification",
  inputs: [{ to: 0, from: `x0..x${columns - 1}` }],
  label: { from: "label" },
};
const cut = { seed: 1, test: 0.1 };
const pictures = { name: "pictures", task: "classification", label: { from: "class" } };

export const columnCount = columns;
export const imageCount = 100_000;
export const photoCount = 2_000;
export const windowSize = 512;

export const subjects: readonly Subject[] = [
  {
    name: "CSV, 10 numbers and a label",
    file: "points.csv",
    unit: "rows",
    manifest: { ...table, splits: { file: "points.csv", ...cut } },
    library: "csv-parse",
  },
  {
    name: "the same, gzip",
    file: "points.csv.gz",
    unit: "rows",
    manifest: { ...table, splits: { file: "points.csv.gz", ...cut } },
    library: "zlib and csv-parse",
  },
  {
    name: "JSON lines, the same",
    file: "points.jsonl",
    unit: "rows",
    manifest: { ...table, splits: { file: "points.jsonl", ...cut } },
    library: "JSON.parse",
  },
  {
    name: "Parquet, the same, Snappy",
    file: "points.parquet",
    unit: "rows",
    manifest: { ...table, splits: { file: "points.parquet", ...cut } },
    library: "hyparquet",
  },
  {
    name: "NPY, 784 float32",
    file: "items.npy",
    unit: "rows",
    manifest: {
      name: "items",
      task: "classification",
      inputs: [{ to: 0, from: "x" }],
      splits: { test: { x: "items.npy" } },
    },
    library: "readFile",
  },
  {
    name: "ZIP of PNG, 28 × 28 grey",
    file: "images.zip",
    unit: "images",
    manifest: {
      ...pictures,
      image: { channels: 1 },
      inputs: [{ to: 0, from: "image" }],
      splits: { file: "images.zip", ...cut },
    },
    library: "yauzl and fast-png",
  },
  {
    name: "ZIP of JPEG, 224 × 224 colour",
    file: "photos.zip",
    unit: "images",
    manifest: { ...pictures, inputs: [{ to: 0, from: "image" }], splits: { file: "photos.zip", ...cut } },
    library: "yauzl and jpeg-js",
  },
  {
    name: "WAV, 16 bits, windows of 512",
    file: "sound.wav",
    unit: "windows",
    manifest: {
      name: "sound",
      task: "classification",
      audio: { rate: 16_000, samples: windowSize, rest: "drop" },
      inputs: [{ to: 0, from: "audio" }],
      splits: { test: "sound.wav" },
    },
    library: "readFile",
  },
];
