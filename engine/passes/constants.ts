import type { ModelIndex, Value } from "#engine/graph/index.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { intsAttribute, tensorAttribute } from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import type { Tensor } from "#engine/onnx/model.ts";
import { isStandard } from "./domains.ts";

/** A tensor that a value is known to hold before the model runs. */
export interface Constant {
  readonly tensor: Tensor;
  /** The initialiser or the output of the Constant node that holds it. */
  readonly value: Value;
  /** The value that was asked for is the matrix transposed: a Transpose node stands between. */
  readonly transposed: boolean;
}

/** Longest chain of Identity and Transpose nodes that is followed: exporters write one or two. */
const longestChain = 16;

/**
 * Finds the tensor behind a name: an initialiser, a Constant node, or one of these through Identity nodes (tied
 * weights) and transpositions of a matrix. Outer scopes are looked through; inputs without an initialiser are not
 * constant.
 */
export function findConstant(index: ModelIndex, scope: Scope, name: string): Constant | undefined {
  let transposed = false;
  let value = index.resolve(scope, name);
  for (let step = 0; step < longestChain && value !== undefined; step++) {
    if (value.initializer !== undefined) return { tensor: value.initializer, value, transposed };
    const node = value.producer;
    if (node === undefined || !isStandard(node)) return undefined;
    if (node.opType === "Constant") {
      const tensor = tensorAttribute(node, "value");
      return tensor === undefined ? undefined : { tensor, value, transposed };
    }
    if (node.opType === "Transpose") {
      const source = index.resolve(value.scope, node.input[0] ?? "");
      const perm = intsAttribute(node, "perm");
      if (perm !== undefined && !(perm.length === 2 && perm[0] === 1n && perm[1] === 0n)) return undefined;
      // Without `perm` the axes are reversed, which is the transposition for a matrix only.
      if (perm === undefined && rankOf(source) !== 2) return undefined;
      transposed = !transposed;
      value = source;
    } else if (node.opType === "Identity") {
      value = index.resolve(value.scope, node.input[0] ?? "");
    } else {
      return undefined;
    }
  }
  return undefined;
}

function rankOf(value: Value | undefined): number | undefined {
  const tensor =
    value?.initializer ??
    (value?.producer?.opType === "Constant" ? tensorAttribute(value.producer, "value") : undefined);
  return tensor?.dims.length;
}

export function isFloat32(tensor: Tensor): boolean {
  return tensor.dataType === dtypes.float32.code;
}
