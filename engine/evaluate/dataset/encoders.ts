import { EngineError } from "#engine/error.ts";
import { type DataType, elementCount } from "../tensors/tensor.ts";
import type { Column, Table } from "./columns.ts";
import { hashEncoder } from "./hashed-words.ts";
import { imageItems } from "./image-encoder.ts";
import type { ManifestInput } from "./manifest.schema.ts";
import { fillers } from "./missing.ts";
import { normaliser } from "./normalise.ts";
import { isSingle, resolveColumns } from "./resolve.ts";
import type { OpenFile } from "./sources.ts";
import { parseVocabulary, type Vocabulary, wordEncoder } from "./words.ts";

/** Turns rows into the values of one model input. */
export interface InputEncoder {
  readonly input: ManifestInput;
  /** Shape of one item. */
  readonly itemShape: readonly number[];
  /** The type that the manifest asks for, undefined: the model's. */
  readonly dtype: DataType | undefined;
  /** Writes the values of a row; `target` has the size of the item. */
  readonly write: (row: number, target: Float64Array) => void;
  /** Text as it is, for inputs of strings. */
  readonly strings: ((row: number) => readonly string[]) | undefined;
}

/**
 * @param train rows of the train split, over which means for missing values are taken
 * @throws EngineError "data-mismatch" where columns, shape and encoding do not fit together
 */
export function createEncoder(
  input: ManifestInput,
  table: Table,
  open: OpenFile,
  train: Uint32Array = new Uint32Array(),
): InputEncoder {
  const purpose = ` for the input ${JSON.stringify(input.to)}`;
  const names = resolveColumns(input.from, table.names, purpose);
  const columns = names.map((name) => table.columns.get(name)!);
  const single = isSingle(input.from, table.names);
  const common = { input, dtype: input.dtype, strings: undefined };
  if (input.dtype === "string") return stringEncoder(input, columns, single);
  if (input.encode === "words") {
    const [column] = columns;
    const encode = wordEncoder(input, vocabularyOf(input, open));
    const write = (row: number, target: Float64Array) =>
      encode(String(column!.values[row]), target, () => `item ${row}, column "${names[0]}"`);
    return { ...common, itemShape: checkShape(input, input.length!, [input.length!]), write };
  }
  if (input.encode === "hash") {
    const [column] = columns;
    const encode = hashEncoder(input);
    const write = (row: number, target: Float64Array) => encode(String(column!.values[row]), target);
    return { ...common, itemShape: checkShape(input, input.length!, [input.length!]), write };
  }
  if (input.encode !== undefined) return { ...common, ...indexEncoder(input, columns, names, single, open) };
  const fill = fillers(input.missing, columns, train, `input ${JSON.stringify(input.to)}`);
  const [first] = columns;
  if (first?.kind === "array" || first?.kind === "pictures") {
    return { ...common, ...arrayEncoder(input, columns, fill?.[0]) };
  }
  if (input.resize ?? input.crop) throw noImages(input);
  const itemShape = checkShape(input, columns.length, single ? [] : [columns.length]);
  const normalise = normaliser(input, itemShape, columns.length);
  const write = (row: number, target: Float64Array) => {
    for (const [index, column] of columns.entries()) {
      const value = Number(column.values[row]);
      target[index] = fill !== undefined && Number.isNaN(value) ? fill[index]! : value;
    }
    normalise(target);
  };
  return { ...common, itemShape, write };
}

function checkShape(input: ManifestInput, size: number, fallback: readonly number[]): readonly number[] {
  const shape = input.shape ?? fallback;
  if (elementCount(shape) !== size) {
    throw new EngineError(
      "data-mismatch",
      `The shape [${shape.join(", ")}] has ${elementCount(shape)} values, the data has ${size} per item`,
      `input ${JSON.stringify(input.to)}`,
    );
  }
  return shape;
}

function noImages(input: ManifestInput): EngineError {
  const message = "`resize` and `crop` take a column of images";
  return new EngineError("data-mismatch", message, `input ${JSON.stringify(input.to)}`);
}

function arrayEncoder(input: ManifestInput, columns: readonly Column[], fill: number | undefined) {
  const [column] = columns;
  if ((column?.kind !== "array" && column?.kind !== "pictures") || columns.length > 1) {
    throw new EngineError(
      "data-mismatch",
      "An input takes either one column of arrays or any number of plain columns",
      `input ${JSON.stringify(input.to)}`,
    );
  }
  if (column.kind === "pictures" || input.resize !== undefined || input.crop !== undefined) {
    if (column.kind === "array") checkShape(input, elementCount(column.itemShape), column.itemShape);
    const { itemShape, write } = imageItems(input, column);
    const normalise = normaliser(input, itemShape, elementCount(itemShape));
    return {
      itemShape,
      write: (row: number, target: Float64Array) => {
        write(row, target);
        normalise(target);
      },
    };
  }
  const size = elementCount(column.itemShape);
  const itemShape = checkShape(input, size, column.itemShape);
  const normalise = normaliser(input, itemShape, size);
  const { values } = column;
  const write = (row: number, target: Float64Array) => {
    target.set(values.subarray(row * size, (row + 1) * size));
    if (fill !== undefined) {
      for (let index = 0; index < size; index++) if (Number.isNaN(target[index])) target[index] = fill;
    }
    normalise(target);
  };
  return { itemShape, write };
}

function stringEncoder(input: ManifestInput, columns: readonly Column[], single: boolean): InputEncoder {
  return {
    input,
    dtype: "string",
    itemShape: checkShape(input, columns.length, single ? [] : [columns.length]),
    write: () => {
      throw new EngineError("data-mismatch", "The dataset gives text, the model takes numbers");
    },
    strings: (row) => columns.map((column) => String(column.values[row])),
  };
}

function vocabularyOf(input: ManifestInput, open: OpenFile): Vocabulary {
  if (input.vocabulary !== undefined) return parseVocabulary(open(input.vocabulary), input.vocabulary);
  return new Map((input.classes ?? []).map((name, index) => [String(name), index]));
}

function indexEncoder(
  input: ManifestInput,
  columns: readonly Column[],
  names: readonly string[],
  single: boolean,
  open: OpenFile,
) {
  const vocabulary = vocabularyOf(input, open);
  const width = input.encode === "one-hot" ? (input.length ?? vocabulary.size) : 1;
  const lookUp = (row: number, index: number): number => {
    const cell = String(columns[index]!.values[row]);
    const numeric = vocabulary.size === 0;
    const found = numeric
      ? Number(cell)
      : (vocabulary.get(cell) ?? vocabulary.get(cell.trim()) ?? input.unknown);
    const fits = found !== undefined && Number.isInteger(found) && found >= 0;
    if (fits && (input.encode === "index" || found < width)) return found;
    const known = numeric ? `a whole number below ${width}` : "in the vocabulary";
    throw new EngineError(
      "data-mismatch",
      `"${cell.slice(0, 60)}" is not ${known}`,
      `item ${row}, column "${names[index]}"`,
    );
  };
  const shape = [...(single ? [] : [columns.length]), ...(input.encode === "one-hot" ? [width] : [])];
  const itemShape = checkShape(input, columns.length * width, shape);
  const write = (row: number, target: Float64Array) => {
    if (input.encode === "one-hot") target.fill(0);
    for (let index = 0; index < columns.length; index++) {
      const position = lookUp(row, index);
      if (input.encode === "one-hot") target[index * width + position] = 1;
      else target[index] = position;
    }
  };
  return { itemShape, write };
}
