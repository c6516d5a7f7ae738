import { cloneStructure } from "#engine/graph/clone.ts";
import { matrixOf } from "../../../linear-algebra/matrix.ts";
import { product } from "../../../linear-algebra/product.ts";
import { float16Array } from "../../../onnx/floats.ts";
import { makeTensor } from "../../../onnx/make.ts";
import type { Model, Tensor } from "../../../onnx/model.ts";
import { factorizeSvdSchema } from "../../factorize.svd.schema.ts";
import { factorizeSvd } from "../../factorize.svd.ts";
import { type PassContext, silent } from "../../pass.ts";
import { randomFloats } from "../../testing/build.ts";
import { inEnglish } from "../../testing/in-english.ts";

/** For tests: a weight whose matrix of dims[0] × rest has this rank, up to the rounding of its type. */
export function lowRankWeight(
  name: string,
  dims: number[],
  rank: number,
  seed = 1,
  dtype: "float32" | "float16" = "float32",
): Tensor {
  const rows = dims[0] ?? 1;
  const columns = dims.slice(1).reduce((all, size) => all * size, 1);
  const values = product(
    matrixOf(randomFloats(rows * rank, seed), rows, rank),
    matrixOf(randomFloats(rank * columns, seed + 1), rank, columns),
  );
  return makeTensor(
    name,
    dtype,
    dims,
    dtype === "float16" ? float16Array(values) : Float32Array.from(values),
  );
}

export async function factorize(source: Model, options: object = {}, context: Partial<PassContext> = {}) {
  const changed = cloneStructure(source);
  const parsed = factorizeSvdSchema.parse({ use: "factorize.svd", ...options });
  return { result: inEnglish(await factorizeSvd(changed, parsed, { ...silent, ...context })), changed };
}
