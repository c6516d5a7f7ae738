import type { Model } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { inFlight } from "../in-flight.ts";
import type { PassContext } from "../pass.ts";
import type { QuantizeBlockwiseOptions } from "../quantize.blockwise.schema.ts";
import type { Blocks } from "./blocks.ts";
import { type Advance, calibrate } from "./calibrate.ts";
import { columnsOf } from "./columns.ts";
import { Outcomes } from "./outcomes.ts";
import { linesOf } from "./plan.ts";
import { roundToNearest } from "./rtn.ts";
import { linesFor, matrixOf, type Weight } from "./store.ts";
import { roundTable } from "./table.ts";
import { blockwork } from "./work.ts";

/**
 * Quantises the weights by the algorithm of the options, or by rounding to nearest those that it cannot serve.
 * The result does not depend on the number of cores.
 */
export async function quantizeWeights(
  model: Model,
  weights: readonly Weight[],
  options: QuantizeBlockwiseOptions,
  context: PassContext,
): Promise<Outcomes> {
  const outcomes = new Outcomes(context.shelf);
  const total = weights.reduce((sum, weight) => sum + elementsOf(weight), 0);
  let done = 0;
  const advance: Advance = (weight, share = 1) => {
    done += elementsOf(weight) * share;
    context.onProgress(Math.min(1, done / total));
  };
  const nearest = (weight: Weight, how: EngineRemark) => {
    outcomes.set(weight, { blocks: roundWeight(weight), how });
    advance(weight);
  };
  const served: Weight[] = [];
  for (const weight of weights) {
    if (options.algorithm === "rtn") nearest(weight, say("quantize-blockwise.nearest"));
    else if (weight.kind === "matmul") served.push(weight);
    else nearest(weight, say("quantize-blockwise.nearestTable"));
  }
  if (options.algorithm === "gptq") await calibrate(model, served, context, outcomes, nearest, advance);
  else {
    await inFlight(served, context.pool.size, async (weight) => {
      const input = linesFor(weight);
      const { length } = linesOf({ kind: "matmul", weight: weight.constant });
      const result = await context.pool.run(blockwork, { weights: [input], length, gram: undefined }, [
        input.data.buffer,
      ]);
      const how = say("quantize-blockwise.hqq");
      outcomes.set(weight, { blocks: result === "no-factor" ? undefined : result[0], how });
      advance(weight);
    });
  }
  return outcomes;
}

function elementsOf({ kind, constant }: Weight): number {
  const { lines, length } = linesOf({ kind: kind === "gather" ? "gather" : "matmul", weight: constant });
  return lines * length;
}

function roundWeight(weight: Weight): Blocks | undefined {
  const matrix = matrixOf(weight);
  const round = weight.kind === "gather" ? roundTable : roundToNearest;
  return round(columnsOf(matrix), matrix.columns, matrix.rows, weight.format);
}
