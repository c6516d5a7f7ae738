import type { LiteTensor } from "../reader/lite-model.ts";
import { optionTables } from "../reader/options.ts";
import { elementsOf } from "../writer/constants.ts";
import { innerForm } from "../writer/integers.ts";
import { dequantized, numbers, store } from "../writer/numbers.ts";
import type { Site } from "../writer/site.ts";
import { bias, constantOf, kernel } from "../writer/weights.ts";
import type { Converter } from "./converter.ts";

/** FULLY_CONNECTED: x · Wᵀ + b with W [out, in]; all of x but its last `in` values is rows. */
const fullyConnected: Converter = (site) => {
  const { activation, weightsFormat } = site.options(optionTables.fullyConnected);
  const [x, weight, output] = [site.input(0), site.input(1), site.output()];
  if (weightsFormat !== 0) site.refuse("with shuffled weights");
  site.rank(weight, 2);
  const [units = 0, depth = 0] = weight.shape;
  const rows = depth === 0 ? 0 : elementsOf(x.shape) / depth;
  if (!Number.isInteger(rows)) site.refuse("with a weight that does not fit its input");
  const constant = constantOf(site, weight);
  const inputs = [
    matrix(site, x, [rows, depth]),
    constant === undefined ? numbers(site, weight) : kernel(site, weight, [0, 1]),
  ];
  const added = bias(site, 2, x, constant ?? weight);
  if (added !== undefined) inputs.push(added);
  const value = site.node("Gemm", inputs, { transB: 1 });
  const isMatrix = output.shape.length === 2 && output.shape[1] === units;
  store(site, output, value, {
    activation,
    ...(isMatrix ? {} : { move: (moved: string) => site.reshape(moved, output.shape) }),
  });
};

/** A tensor as a matrix of numbers; integers get their shape before they are dequantised. */
function matrix(site: Site, x: LiteTensor, shape: readonly number[]): string {
  if (x.shape.length === 2 && x.shape[1] === shape[1]) return numbers(site, x);
  if (innerForm(x) === undefined) return site.reshape(numbers(site, x), shape);
  return dequantized(site, site.reshape(site.writer.value(x), shape), x);
}

const batchMatMul: Converter = (site) => {
  const { adjointX, adjointY } = site.options(optionTables.batchMatMul);
  const side = (at: number, isAdjoint: number) => {
    const tensor = site.input(at);
    const rank = tensor.shape.length;
    if (rank < 2) site.refuse(`of ${rank} dimensions`);
    const perm = tensor.shape.map((_, axis) => axis);
    if (isAdjoint !== 0) perm.splice(-2, 2, rank - 1, rank - 2);
    if (constantOf(site, tensor) !== undefined) return kernel(site, tensor, perm);
    if (isAdjoint === 0) return numbers(site, tensor);
    if (innerForm(tensor) === undefined) return site.transpose(numbers(site, tensor), perm);
    return dequantized(site, site.transpose(site.writer.value(tensor), perm), tensor);
  };
  store(site, site.output(), site.node("MatMul", [side(0, adjointX), side(1, adjointY)]));
};

export const products = {
  FULLY_CONNECTED: fullyConnected,
  BATCH_MATMUL: batchMatMul,
} satisfies Record<string, Converter>;
