import { makeInts, makeNode, setAttribute } from "#engine/onnx/attributes.ts";
import type { Tensor } from "#engine/onnx/model.ts";
import { elementCount, readTensor } from "#engine/onnx/tensor.ts";
import { findConstant } from "../constants.ts";
import { isStandard } from "../domains.ts";
import type { Cut } from "./cut.ts";
import type { Visit } from "./visit.ts";

/** A list of sizes of which some can be replaced. */
export interface WritableSizes {
  can(at: number): boolean;
  /** Replaces the entries given and leaves the others as they are, for this reader alone. */
  write(cut: Cut, entries: ReadonlyMap<number, number>): void;
}

/** Shapes are short: ONNX Runtime has at most a few axes. */
const maxLength = 64;

/**
 * The sizes that a node reads from an input or, in older opsets, from an attribute: a constant, or a Concat of pieces as
 * exporters write shapes that depend on the batch. Undefined where they are computed in another way.
 */
export function writableSizes(
  visit: Visit,
  position: number,
  attribute: string,
  length: number,
): WritableSizes | undefined {
  if (length > maxLength) return undefined;
  if (!visit.has(position)) return attributeSizes(visit, attribute);
  const name = visit.node.input[position] ?? "";
  const constant = findConstant(visit.trace.index, visit.scope, name);
  if (constant !== undefined) {
    const values = integers(constant.tensor);
    if (values?.length !== length || constant.transposed) return undefined;
    return {
      can: () => true,
      write: (cut, entries) => {
        const fresh = values.map((old, at) => entries.get(at) ?? old);
        cut.setInput(visit.node, position, cut.addInts(visit.scope, `${name}_pruned`, [length], fresh));
      },
    };
  }
  return concatSizes(visit, position, name, length);
}

function attributeSizes(visit: Visit, attribute: string): WritableSizes | undefined {
  const values = visit.ints(attribute, visit.node.input.length);
  if (values === undefined) return undefined;
  return {
    can: () => true,
    write: (_, entries) => {
      setAttribute(
        visit.node,
        makeInts(
          attribute,
          values.map((old, at) => entries.get(at) ?? old),
        ),
      );
    },
  };
}

/** Pieces that are one long, or constants, can be replaced. */
function concatSizes(
  visit: Visit,
  position: number,
  name: string,
  length: number,
): WritableSizes | undefined {
  const { trace } = visit;
  const value = trace.index.resolve(visit.scope, name);
  const concat = value?.producer;
  if (value === undefined || concat?.opType !== "Concat" || !isStandard(concat)) return undefined;
  const home = value.scope;
  const pieces: { input: string; start: number; length: number; values: readonly number[] | undefined }[] =
    [];
  let start = 0;
  for (const input of concat.input) {
    const size = trace.info(trace.index.resolve(home, input))?.shape;
    const constant = findConstant(trace.index, home, input);
    const count = constant === undefined ? size?.[0] : elementCount(constant.tensor.dims);
    if (typeof count !== "number" || (constant === undefined && size?.length !== 1)) return undefined;
    const values = constant === undefined ? undefined : integers(constant.tensor);
    pieces.push({ input, start, length: count, values });
    start += count;
  }
  // int32 shapes would need pieces of that type.
  if (start !== length || trace.info(value)?.dtype !== 7) return undefined;
  const pieceAt = (at: number) =>
    pieces.find((piece) => at >= piece.start && at < piece.start + piece.length);
  return {
    can: (at) => {
      const piece = pieceAt(at);
      return piece !== undefined && (piece.length === 1 || piece.values !== undefined);
    },
    write: (cut, entries) => {
      const inputs = pieces.map((piece) => {
        const old = piece.values ?? new Array<number>(piece.length).fill(0);
        const at = old.map((_, offset) => piece.start + offset);
        if (!at.some((entry) => entries.has(entry))) return piece.input;
        const fresh = old.map((entry, offset) => entries.get(piece.start + offset) ?? entry);
        return cut.addInts(visit.scope, `${name}_size`, [piece.length], fresh);
      });
      const output = cut.uniqueName(`${name}_pruned`);
      const fresh = makeNode("Concat", inputs, [output], {
        name: cut.uniqueName(`${concat.name || name}_pruned`),
        attribute: [...concat.attribute],
      });
      cut.insertBefore(visit.node, fresh);
      cut.setInput(visit.node, position, output);
    },
  };
}

function integers(tensor: Tensor): number[] | undefined {
  if (tensor.dataType !== 7 || elementCount(tensor.dims) > maxLength) return undefined;
  return Array.from(readTensor(tensor), Number);
}
