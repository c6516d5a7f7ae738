import { EngineError } from "#engine/error.ts";
import type { ArrayColumn } from "../columns.ts";
import { isList, plainNumber } from "./cells.ts";
import { Growing } from "./growing.ts";

/** Deeper lists are no tensor of a model. */
const maxDepth = 8;
const maxValues = 400_000_000;

/** Lists of numbers in the cells of a column, nested for shapes of more than one axis; all have one shape. */
export class CellArrays {
  readonly #fixed: { readonly length: number; readonly pad: number } | undefined;
  readonly #values = new Growing();
  #shape: readonly number[] | undefined;

  /** @param fixed cuts lists to this length or fills them up; without it all must be equally long */
  constructor(fixed?: { readonly length: number; readonly pad: number }) {
    this.#fixed = fixed;
  }

  add(cell: unknown, column: string, place: () => string): void {
    if (!isList(cell)) {
      throw new EngineError(
        "data-mismatch",
        `Column "${column}" has a cell that is no list of numbers`,
        place(),
      );
    }
    if (this.#fixed !== undefined) this.#addFixed(cell, this.#fixed, column, place);
    else this.#addShaped(cell, column, place);
    if (this.#values.length > maxValues) {
      throw new EngineError("limit-exceeded", "The lists have too many values", place());
    }
  }

  column(): ArrayColumn {
    return { kind: "array", itemShape: this.#shape ?? [], values: this.#values.values() };
  }

  #addFixed(
    cell: ArrayLike<unknown>,
    { length, pad }: { readonly length: number; readonly pad: number },
    column: string,
    place: () => string,
  ): void {
    this.#shape = [length];
    for (let index = 0; index < length; index++) {
      this.#values.push(index < cell.length ? numberIn(cell[index], column, place) : pad);
    }
  }

  #addShaped(cell: ArrayLike<unknown>, column: string, place: () => string): void {
    const shape = shapeOf(cell);
    this.#shape ??= shape;
    if (shape.includes(0)) {
      throw new EngineError("data-mismatch", `Column "${column}" has an empty list`, place());
    }
    if (shape.join() !== this.#shape.join()) {
      throw new EngineError(
        "data-mismatch",
        `Column "${column}" has lists of [${this.#shape.join(", ")}] and of [${shape.join(", ")}]; give the input a \`length\` to cut or fill them to`,
        place(),
      );
    }
    this.#push(cell, shape, 0, column, place);
  }

  #push(cell: unknown, shape: readonly number[], axis: number, column: string, place: () => string): void {
    if (axis === shape.length) {
      this.#values.push(numberIn(cell, column, place));
      return;
    }
    if (!isList(cell) || cell.length !== shape[axis]) {
      throw new EngineError(
        "data-mismatch",
        `Column "${column}" has a list with rows of different lengths`,
        place(),
      );
    }
    for (let index = 0; index < cell.length; index++) this.#push(cell[index], shape, axis + 1, column, place);
  }
}

function shapeOf(cell: unknown): number[] {
  const shape: number[] = [];
  for (let inner = cell; isList(inner) && shape.length <= maxDepth; inner = inner[0])
    shape.push(inner.length);
  return shape;
}

function numberIn(cell: unknown, column: string, place: () => string): number {
  const value = plainNumber(cell);
  if (value !== undefined && typeof cell !== "string") return value;
  throw new EngineError(
    "data-mismatch",
    `Column "${column}" has a list with something that is no number`,
    place(),
  );
}
