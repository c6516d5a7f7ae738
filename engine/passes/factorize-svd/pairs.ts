import type { ModelIndex, Value } from "#engine/graph/index.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { nodeRemark } from "../pass.ts";
import { type Found, mapsColumnsToRows, type Reader } from "./readers.ts";

interface Stage {
  readonly value: Value;
  readonly reader: Reader;
  readonly inputs: number;
  readonly outputs: number;
}

/** Position of the input that is not the weight. */
const dataPosition = { matmul: 0, left: 1, gemm: 0, conv: 0, gather: 1 } as const;

/** Kinds of nodes that can follow one another as the factors of one weight. */
const family = { matmul: "rows", gemm: "rows", gather: "rows", left: "columns", conv: "conv" } as const;

/**
 * Recognises weights that are the two factors of one already: a product without a bias whose only reader is another
 * product, with so narrow a passage between them that one weight for both would be larger.
 *
 * @returns why they are left alone, by weight
 */
export function factorPairs(index: ModelIndex, found: ReadonlyMap<Value, Found>): Map<Value, EngineRemark> {
  const stages = new Map<unknown, Stage>();
  for (const [value, { tensor, readers }] of found) {
    const rows = tensor.dims[0] ?? 0;
    const columns = tensor.dims.slice(1).reduce((product, size) => product * size, 1);
    for (const reader of readers) {
      const flipped = mapsColumnsToRows(reader);
      const [inputs, outputs] = flipped ? [columns, rows] : [rows, columns];
      stages.set(reader.node, { value, reader, inputs, outputs });
    }
  }
  const reasons = new Map<Value, EngineRemark>();
  for (const first of stages.values()) {
    const second = followerOf(index, first, stages);
    if (second === undefined || family[second.reader.kind] !== family[first.reader.kind]) continue;
    const { inputs, outputs: rank } = first;
    if (second.inputs !== rank || rank * (inputs + second.outputs) >= inputs * second.outputs) continue;
    const place = (stage: Stage) => nodeRemark(stage.reader.node);
    const reason = say("factorize-svd.alreadyFactors", { first: place(first), second: place(second), rank });
    reasons.set(first.value, reason);
    reasons.set(second.value, reason);
  }
  return reasons;
}

function followerOf(index: ModelIndex, first: Stage, stages: ReadonlyMap<unknown, Stage>): Stage | undefined {
  const { node, scope, kind } = first.reader;
  const biased = (kind === "gemm" || kind === "conv") && (node.input[2] ?? "") !== "";
  const result = index.resolve(scope, node.output[0] ?? "");
  if (biased || result === undefined || result.isOutput || result.outputOf.length > 0) return undefined;
  const use = result.uses[0];
  if (use === undefined || result.uses.length !== 1) return undefined;
  const second = stages.get(use.node);
  return second !== undefined &&
    second.reader.kind !== "gather" &&
    dataPosition[second.reader.kind] === use.position
    ? second
    : undefined;
}
