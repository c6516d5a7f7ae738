import type { ModelIndex, Value } from "#engine/graph/index.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { smallIntAttribute } from "#engine/onnx/attributes.ts";
import { dtypeName, dtypes } from "#engine/onnx/dtypes.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Tensor } from "#engine/onnx/model.ts";
import { elementCount } from "#engine/onnx/tensor.ts";
import { type EngineRemark, isRemark, say } from "#engine/say.ts";
import type { FactorizeSvdOptions } from "../factorize.svd.schema.ts";
import type { Skip } from "../pass.ts";
import { factorPairs } from "./pairs.ts";
import { type Found, mapsColumnsToRows, type Reader, weightReaders } from "./readers.ts";

/** A weight that may become two: the tensor as a matrix of `rows` × `columns`. */
export interface Layer {
  readonly value: Value;
  readonly tensor: Tensor;
  readonly readers: readonly Reader[];
  readonly rows: number;
  readonly columns: number;
  /** The nodes map `columns` inputs to `rows` outputs, rather than the other way. */
  readonly flipped: boolean;
  /** Parameters that one rank costs: both factors, twice where nodes need them in both orientations. */
  readonly perRank: number;
  /** Largest rank that saves enough; may be 0. */
  readonly mostRank: number;
  /** Values that are not zero. */
  readonly stored: number;
}

/**
 * The eigenvalue problem of n × n takes 4n³/3 operations in one piece and 3n² numbers of memory: minutes and half a
 * gigabyte at this size. The larger side of a matrix is not bounded by it.
 */
export const maxSide = 4096;

/**
 * Finds the weights to factorise and says why others that look like it are left alone. Weights that only hold a
 * vector, or that nobody multiplies by, are no business of this technique.
 */
export function findLayers(
  index: ModelIndex,
  options: FactorizeSvdOptions,
): { layers: Layer[]; skipped: Skip[]; unknown: string[] } {
  const layers: Layer[] = [];
  const skipped: Skip[] = [];
  const found = weightReaders(index, new Set(options.op_types));
  const pairs = factorPairs(index, found);
  const shielded = new Set(options.protect);
  const known = new Set<string>();
  for (const scope of index.scopes) for (const { name } of scope.body.node) if (name) known.add(name);
  for (const [value, entry] of found) {
    known.add(value.name);
    if (entry.readers.length === 0) continue;
    const verdict = pairs.get(value) ?? protectedBy(value, entry, shielded) ?? layerOf(value, entry, options);
    if (isRemark(verdict)) skipped.push({ name: value.name, reason: verdict });
    else layers.push(verdict);
  }
  return { layers, skipped, unknown: options.protect.filter((name) => !known.has(name)) };
}

function protectedBy(
  value: Value,
  { readers }: Found,
  shielded: ReadonlySet<string>,
): EngineRemark | undefined {
  if (shielded.has(value.name)) return say("common.protectedByName");
  const named = readers.some(({ node }) => node.name !== undefined && shielded.has(node.name));
  return named ? say("common.protectedByNode") : undefined;
}

function isRewritable(scope: Scope): boolean {
  return (
    scope.kind === "main" ||
    (scope.kind === "subgraph" && scope.parent !== undefined && isRewritable(scope.parent))
  );
}

/** The layer, or the reason why there is none. */
function layerOf(
  value: Value,
  { tensor, readers, other }: Found,
  options: FactorizeSvdOptions,
): Layer | EngineRemark {
  const { float32, float16 } = dtypes;
  if (tensor.dataType !== float32.code && tensor.dataType !== float16.code) {
    return say("factorize-svd.otherType", { type: dtypeName(tensor.dataType) });
  }
  if (other !== undefined) return say("factorize-svd.otherReader", { reader: other });
  if (![value.scope, ...readers.map(({ scope }) => scope)].every(isRewritable)) {
    return say("factorize-svd.inFunction");
  }
  const grouped = readers.some(
    ({ node }) => node.opType === "Conv" && (smallIntAttribute(node, "group") ?? 1) !== 1,
  );
  if (grouped) return say("factorize-svd.inGroups");
  const rows = tensor.dims[0] ?? 0;
  const count = elementCount(tensor.dims);
  const columns = rows === 0 ? 0 : count / rows;
  const side = Math.min(rows, columns);
  if (side < 2) return say("factorize-svd.noLowerRank", { rows, columns });
  if (side > maxSide) return say("factorize-svd.tooWide", { most: maxSide, rows, columns });
  const stored = storedValues(readFloats(tensor));
  if (stored === undefined) return say("common.notFinite");
  if (stored === 0) return say("factorize-svd.allZero");
  const orientations = new Set(readers.map(({ transposed }) => transposed)).size;
  const perRank = orientations * (rows + columns);
  const limit = Math.min((1 - options.min_saving) * count, stored);
  const first = readers[0];
  return {
    value,
    tensor,
    readers,
    rows,
    columns,
    flipped: first === undefined ? false : mapsColumnsToRows(first),
    perRank,
    mostRank: Math.min(side, Math.ceil(limit / perRank) - 1),
    stored,
  };
}

function storedValues(values: Float32Array): number | undefined {
  let stored = 0;
  let sum = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (value !== 0) stored++;
    // Infinities and NaN make this NaN, finite values never do.
    sum += value - value;
  }
  return sum === 0 ? stored : undefined;
}
