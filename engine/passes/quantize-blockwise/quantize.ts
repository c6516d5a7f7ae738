import type { PassContext } from "../pass.ts";
import type { QuantizeBlockwiseOptions } from "../quantize.blockwise.schema.ts";
import type { Blocks } from "./blocks.ts";
import { columnsOf } from "./columns.ts";
import { linesOf } from "./plan.ts";
import { roundToNearest } from "./rtn.ts";
import { matrixOf, type Weight } from "./store.ts";
import { roundTable } from "./table.ts";

/**
 * Quantises the weights one after another.
 *
 * @param onBlocks gets each weight with its blocks, or undefined where its values cannot be quantised
 */
export async function quantizeWeights(
  weights: readonly Weight[],
  _options: QuantizeBlockwiseOptions,
  context: PassContext,
  onBlocks: (weight: Weight, blocks: Blocks | undefined) => void,
): Promise<void> {
  const sizes = weights.map((weight) => elements(weight));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let done = 0;
  weights.forEach((weight, at) => {
    onBlocks(weight, roundWeight(weight));
    done += sizes[at] ?? 0;
    context.onProgress(total === 0 ? 1 : done / total);
  });
}

function elements({ kind, constant }: Weight): number {
  const { lines, length } = linesOf({ kind: kind === "gather" ? "gather" : "matmul", weight: constant });
  return lines * length;
}

function roundWeight(weight: Weight): Blocks | undefined {
  const matrix = matrixOf(weight);
  const round = weight.kind === "gather" ? roundTable : roundToNearest;
  return round(columnsOf(matrix), matrix.columns, matrix.rows, weight.format);
}
