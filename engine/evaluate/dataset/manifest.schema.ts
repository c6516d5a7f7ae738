import { z } from "zod";
import { dataTypes } from "../tensors/tensor.ts";

export { dataTypes };

/**
 * The manifest of a dataset: which files, which splits, how columns become model inputs, and what the label is.
 * Written as YAML or JSON; the comments here are its reference.
 */

/** Roles of items. `train` also serves where a technique needs unlabelled examples and none are set apart. */
export const splitNames = ["train", "calibration", "tuning", "test"] as const;
export type SplitName = (typeof splitNames)[number];

const fileName = z
  .string()
  .min(1)
  .max(255)
  // Files are looked up by name among those uploaded with the manifest; a path could leave that set.
  .regex(/^[^/\\\0]+$/, "a plain file name without folders");

/** A column by its header, or by its position from 0 where the file has no header. */
const column = z.union([z.string().min(1).max(200), z.number().int().nonnegative()]);

/**
 * One file with all columns (CSV, TSV, JSON lines, Parquet, NPZ, WAV, a ZIP of pictures or sounds), or for arrays (IDX,
 * NPY) one file per column: `{images: a.idx, labels: b.npy}`. `data.npz:name` is one array of an NPZ file.
 */
export const sourceSchema = z.union([fileName, z.record(z.string().min(1), fileName)]);
export type Source = z.infer<typeof sourceSchema>;

/** What the name of a file in a manifest means: a file, or one array of an NPZ file. */
export function memberOf(name: string): { readonly file: string; readonly array: string | undefined } {
  const found = /^(.+\.npz):(.+)$/i.exec(name);
  return { file: found?.[1] ?? name, array: found?.[2] };
}

/** Below 1 a fraction of the items, from 1 on a count. */
const amount = z
  .number()
  .positive()
  .refine((value) => value < 1 || Number.isInteger(value), "a fraction below 1 or a whole number of items");

const splitsSchema = z
  .strictObject({
    /** All items in one place; then `column` says the split of each, or `seed` cuts them. */
    file: sourceSchema.optional(),
    column: column.optional(),
    seed: z.number().int().min(0).max(2_147_483_647).optional(),
    train: sourceSchema.optional(),
    calibration: z.union([amount, sourceSchema]).optional(),
    tuning: z.union([amount, sourceSchema]).optional(),
    test: z.union([amount, sourceSchema]).optional(),
  })
  .superRefine((splits, context) => {
    const complain = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    const isSource = (value: unknown) => typeof value === "string" || typeof value === "object";
    if (splits.file === undefined) {
      if (splits.column !== undefined) complain("column", "needs `file`, the file that has this column");
      if (typeof splits.test === "number")
        complain("test", "an amount needs `file`, the file to cut it from");
      if (!splitNames.some((name) => isSource(splits[name]))) {
        complain("file", "name at least one file: `file`, or one per split (`train`, `test`, …)");
      }
      const cuts = typeof splits.calibration === "number" || typeof splits.tuning === "number";
      if (cuts && splits.train === undefined) complain("train", "calibration and tuning are cut from it");
      return;
    }
    for (const name of splitNames) {
      if (isSource(splits[name])) complain(name, "give either `file` or one file per split, not both");
    }
    if (splits.column !== undefined && typeof splits.test === "number") {
      complain("test", "the column already gives the test split; it is never cut again");
    }
    if (splits.column === undefined && splits.seed === undefined) {
      complain("seed", "one file needs `column` (the split of each row) or `seed` (to cut splits)");
    }
  });

const perElement = z.union([z.number(), z.array(z.number()).min(1).max(65_536)]);

const side = z.number().int().positive().max(16_384);

/** What an item without a value in a column does. */
const missing = z.union([z.enum(["drop", "mean"]), z.number()]);

const inputSchema = z
  .strictObject({
    /** The model's input by name, or by position from 0. */
    to: z.union([z.string().min(1), z.number().int().nonnegative()]),
    /** One column or several in order; `a..b` means all columns from a to b in the file's order. */
    from: z.union([column, z.array(column).min(1).max(4096)]),
    /** Shape of one item, without the batch and before `resize`. Default: the column's own shape, or [number of columns]. */
    shape: z.array(z.number().int().positive().max(1_000_000)).max(8).optional(),
    /** Default: what the model's input takes. */
    dtype: z.enum(dataTypes).optional(),
    /**
     * An image is brought to this size, from whatever size it has: `bilinear` (default) or `nearest`, with half-pixel
     * centres and without smoothing, as ONNX's Resize does. Where only `shorter` is given, the shorter side becomes so long
     * and the other keeps the proportion.
     */
    resize: z
      .strictObject({
        height: side.optional(),
        width: side.optional(),
        shorter: side.optional(),
        method: z.enum(["bilinear", "nearest"]).optional(),
      })
      .refine(
        ({ height, width, shorter }) =>
          shorter === undefined
            ? height !== undefined && width !== undefined
            : height === undefined && width === undefined,
        "give either `height` and `width`, or `shorter`",
      )
      .optional(),
    /** Cut from the centre of an image, after `resize`. */
    crop: z.strictObject({ height: side, width: side }).optional(),
    /**
     * Cells without a value (empty, NA, N/A, NaN, null, none, ?, -): `drop` leaves the item out, `mean` takes the mean of the
     * column over the train split, a number stands for them. Default: they are an error.
     */
    missing: missing.optional(),
    /** x → (x · scale − mean) / std. Lists go over the columns, or over the channels of an image. */
    scale: z.number().optional(),
    mean: perElement.optional(),
    std: perElement.optional(),
    /** Which axis of an item of three dimensions holds the channels; pictures of a ZIP have them last. */
    layout: z.enum(["NHWC", "NCHW"]).optional(),
    /**
     * `words`: text → indices in the vocabulary, cut or padded to `length`.
     * `index`: a cell → its position in the vocabulary or in `classes`.
     * `one-hot`: as `index` (or a whole number below `length`), then 1 at that position.
     * `hash`: text → `length` sums over its words, each ±1 at a place, both by the word's hash (no vocabulary).
     */
    encode: z.enum(["words", "index", "one-hot", "hash"]).optional(),
    /** A file with one entry per line; the entry's line, from 0, is its index. */
    vocabulary: fileName.optional(),
    classes: z
      .array(z.union([z.string(), z.number()]))
      .min(1)
      .max(100_000)
      .optional(),
    /** Of words, one-hot and hash; of a column of lists without `encode`: they are cut to it or filled up with `pad`. */
    length: z.number().int().positive().max(100_000).optional(),
    lowercase: z.boolean().default(true),
    /** Index for positions after the end of a text. Default: the line `<pad>` or `[PAD]` of the vocabulary. */
    pad: z.number().int().nonnegative().optional(),
    /** Index for words that the vocabulary lacks. Default: its line `<unk>` or `[UNK]`; else they are left out. */
    unknown: z.number().int().nonnegative().optional(),
  })
  .superRefine((input, context) => {
    const complain = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    if (input.encode === "words") {
      if (input.vocabulary === undefined) complain("vocabulary", "words need the file that lists them");
      if (input.length === undefined) complain("length", "words need a length to cut or pad to");
      if (Array.isArray(input.from)) complain("from", "words come from one column");
    }
    if (input.encode === "index" && !input.vocabulary && !input.classes) {
      complain("vocabulary", "index needs a vocabulary file or a list of classes");
    }
    if (input.encode === "one-hot" && !input.vocabulary && !input.classes && !input.length) {
      complain("length", "one-hot needs classes, a vocabulary or a length");
    }
    if (input.encode === "hash") {
      if (input.length === undefined) complain("length", "hash needs a length, the number of sums");
      if (Array.isArray(input.from)) complain("from", "words come from one column");
    }
    if (input.encode || input.dtype === "string") {
      for (const key of ["resize", "crop"] as const) {
        if (input[key] !== undefined) complain(key, "applies to images, not to text");
      }
      if (input.missing !== undefined && input.missing !== "drop") {
        complain("missing", "of text can only be drop");
      }
    }
    if (input.layout && input.shape !== undefined && !input.resize && !input.crop && input.shape.length !== 3)
      complain("shape", "a layout needs a shape of three numbers");
    for (const key of ["mean", "std"] as const) {
      if (input.encode && input[key] !== undefined) complain(key, "does not apply to encoded text");
    }
    const std = input.std === undefined ? [] : [input.std].flat();
    if (std.some((value) => value === 0)) complain("std", "must not be zero");
  });

const labelSchema = z.strictObject({
  from: column,
  /** Names of the classes in the order of the model's outputs. Without it labels are whole numbers, or sorted. */
  classes: z
    .array(z.union([z.string(), z.number()]))
    .min(2)
    .max(100_000)
    .optional(),
  /** Ranking: the column whose equal values form one list. Default: the column of the first input. */
  group: column.optional(),
  /** `drop` leaves out items without a label. Default: they are an error, or in a classification a class of their own. */
  missing: z.literal("drop").optional(),
  /** The model's output that holds the scores, by name or position. Default: the first of a float type. */
  output: z.union([z.string().min(1), z.number().int().nonnegative()]).optional(),
});

export const manifestSchema = z.strictObject({
  name: z.string().min(1).max(200),
  description: z.string().max(10_000).optional(),
  license: z.string().max(200).optional(),
  task: z.enum(["classification", "regression", "ranking"]),
  splits: splitsSchema,
  csv: z
    .strictObject({
      /** Default: found from the first lines, among comma, tab, semicolon, bar and two colons. */
      delimiter: z.string().min(1).max(4).optional(),
      /** Default: the first row is a header unless one of its cells is a number. */
      header: z.boolean().optional(),
      /** False: quotation marks are ordinary characters. */
      quotes: z.boolean().default(true),
    })
    .default({ quotes: true }),
  /** Pictures of a ZIP: 1 makes them grey, 3 (default) coloured. Their columns are `image`, `class`, `split` and `file`. */
  image: z.strictObject({ channels: z.union([z.literal(1), z.literal(3)]).optional() }).optional(),
  /**
   * Sounds, a WAV file or a ZIP of them: each is cut into windows of `samples` frames, the items. `rest` says what happens to
   * a shorter rest: `drop` it or `pad` it with silence. Default: it is an error. Their columns are `audio` and `file`, in a
   * ZIP `class` and `split`, too.
   */
  audio: z
    .strictObject({
      /** Frames per second, as the model was trained; files with another rate are refused. */
      rate: z.number().int().positive().max(1_000_000),
      samples: z.number().int().positive().max(100_000_000),
      rest: z.enum(["drop", "pad"]).optional(),
    })
    .optional(),
  inputs: z.array(inputSchema).min(1).max(64),
  /** Left out for unlabelled data, which serves calibration and fidelity. */
  label: labelSchema.optional(),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestInput = Manifest["inputs"][number];
export type ManifestLabel = NonNullable<Manifest["label"]>;
export type Task = Manifest["task"];
export type ColumnReference = z.infer<typeof column>;
