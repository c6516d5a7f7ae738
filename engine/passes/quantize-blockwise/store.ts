import type { Value } from "#engine/graph/index.ts";
import { float16Array } from "#engine/onnx/floats.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Graph, Tensor } from "#engine/onnx/model.ts";
import type { Constant } from "../constants.ts";
import type { PassTools } from "../pass.ts";
import { shelved } from "../shelf.ts";
import { type Blocks, blockCount, type Format, packLines, trimmed } from "./blocks.ts";
import { columnsOf, type Matrix } from "./columns.ts";
import { linesOf, matrixShape, type Plan, scaleTypeOf } from "./plan.ts";
import type { Lines } from "./work.ts";

/** A weight in one layout, made once for all nodes that read it so. */
export interface Weight {
  /** "tied": a table [N, K] whose rows are the columns of a MatMul's matrix; both kinds of nodes read it. */
  readonly kind: Plan["kind"] | "tied";
  readonly constant: Constant;
  readonly plans: Plan[];
  readonly format: Format;
}

/** Names under which a quantised weight stands in the graph. */
export interface StoredWeight {
  /** For GatherBlockQuantized; "" where only MatMul reads it. */
  readonly table: string;
  /** For MatMulNBits, [N, blocks, bytes of a block]. */
  readonly matrix: string;
  readonly scales: string;
  readonly zeroPoints: string | undefined;
}

/** Groups the plans by the tensor and the layout in which they need it. */
export function groupWeights(
  plans: Iterable<Plan>,
  format: Omit<Format, "scaleType">,
  mayTie: boolean,
): Weight[] {
  const groups = new Map<Value, Map<string, Weight>>();
  for (const plan of plans) {
    const constant = plan.weight;
    const key = plan.kind === "gather" ? "gather" : constant.transposed ? "transposed" : "plain";
    const forms = groups.get(constant.value) ?? new Map<string, Weight>();
    groups.set(constant.value, forms);
    const known = forms.get(key);
    if (known !== undefined) known.plans.push(plan);
    else
      forms.set(key, {
        kind: plan.kind,
        constant,
        plans: [plan],
        format: { ...format, scaleType: scaleTypeOf(constant) },
      });
  }
  return [...groups.values()].flatMap((forms) => {
    const [table, head] = [forms.get("gather"), forms.get("transposed")];
    const whole =
      table !== undefined &&
      linesOf({ kind: "gather", weight: table.constant }).length % format.blockSize === 0;
    if (!mayTie || table === undefined || head === undefined || !whole) return [...forms.values()];
    const plain = forms.get("plain");
    const tied: Weight = { ...head, kind: "tied", plans: [...table.plans, ...head.plans] };
    return plain === undefined ? [tied] : [tied, plain];
  });
}

/** The values of a weight as MatMul reads it; a table's rows are the columns of a matrix that is stored transposed. */
export function matrixOf({ kind, constant }: Pick<Weight, "kind" | "constant">): Matrix {
  const data = readFloats(constant.tensor);
  if (kind === "gather") {
    const { lines, length } = linesOf({ kind, weight: constant });
    return { data, rows: length, columns: lines, transposed: true };
  }
  return { data, ...matrixShape(constant), transposed: constant.transposed };
}

/** A copy of a weight that can be given away to another core. */
export function linesFor(weight: Weight): Lines & { readonly data: Float32Array<ArrayBuffer> } {
  const matrix = matrixOf(weight);
  const columns = columnsOf(matrix);
  const data = columns === matrix.data ? new Float32Array(columns) : columns;
  return { data: data as Float32Array<ArrayBuffer>, lines: matrix.columns, format: weight.format };
}

/**
 * Puts a quantised weight among the initialisers, under ONNX Runtime's names.
 *
 * @param names maker of unused names
 */
export function storeBlocks(
  { kind, constant, format }: Weight,
  blocks: Blocks,
  graph: Graph,
  names: (wanted: string) => string,
  { shelf }: Pick<PassTools, "shelf">,
): StoredWeight {
  const { bits, blockSize, scaleType } = format;
  const { lines, length } = blocks;
  const perLine = blockCount(length, blockSize);
  const base = constant.value.name;
  const packedName = names(`${base}_Q${bits}`);
  const scales = names(`${base}_scales`);
  // A table keeps its axes; only the last one is cut into blocks.
  const outer = kind === "gather" ? constant.tensor.dims.slice(0, -1) : [lines];
  const packed =
    kind === "matmul"
      ? packLines(blocks.values, perLine * blockSize, bits)
      : packLines(trimmed(blocks), length, bits);
  const dims = kind === "matmul" ? [lines, perLine, (blockSize * bits) / 8] : [...outer, (length * bits) / 8];
  graph.initializer.push(
    shelved(makeTensor(packedName, "uint8", dims, packed), shelf),
    floatTensor(scales, scaleType, [...outer, perLine], blocks.scales),
  );
  let zeroPoints: string | undefined;
  if (blocks.zeroPoints !== undefined) {
    zeroPoints = names(`${base}_zero_points`);
    graph.initializer.push(zeroPointTensor(zeroPoints, [...outer, perLine], blocks.zeroPoints, format));
  }
  return { table: kind === "matmul" ? "" : packedName, matrix: packedName, scales, zeroPoints };
}

function floatTensor(name: string, type: Format["scaleType"], dims: number[], values: Float32Array): Tensor {
  return makeTensor(name, type, dims, type === "float32" ? values : float16Array(values));
}

function zeroPointTensor(
  name: string,
  dims: number[],
  values: Uint8Array | Float32Array,
  { bits, scaleType }: Format,
): Tensor {
  if (values instanceof Float32Array) return floatTensor(name, scaleType, dims, values);
  const perLine = dims.at(-1) ?? 1;
  // ONNX Runtime fills the last byte of an odd line with its default zero point.
  const packed = packLines(values, perLine, bits, 8);
  return makeTensor(name, "uint8", [...dims.slice(0, -1), Math.ceil((perLine * bits) / 8)], packed);
}
