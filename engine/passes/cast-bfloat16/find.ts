import type { ModelIndex, Value } from "#engine/graph/index.ts";
import { tensorAttribute } from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import type { Tensor } from "#engine/onnx/model.ts";
import { elementCount } from "#engine/onnx/tensor.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { isQuantizedOp, isStandard } from "../domains.ts";
import type { Skip } from "../pass.ts";

/** A float32 tensor that may be stored as bfloat16. */
export interface Storable {
  readonly value: Value;
  readonly tensor: Tensor;
}

/** Finds the float32 tensors of the main graph and its subgraphs, and says why some are left out. */
export function storables(
  index: ModelIndex,
  options: { readonly protect: readonly string[]; readonly min_elements: number },
): { found: Storable[]; skipped: Skip[]; unknown: string[] } {
  const shielded = new Set(options.protect);
  const found: Storable[] = [];
  const skipped: Skip[] = [];
  const names = new Set<string>();
  for (const scope of index.scopes) {
    if (scope.kind === "training") continue;
    for (const node of scope.body.node) if (node.name) names.add(node.name);
    for (const value of index.values(scope).values()) {
      const tensor = heldTensor(value);
      if (tensor === undefined) continue;
      names.add(value.name);
      const reason = reasonAgainst(value, tensor, shielded, options.min_elements);
      if (reason === undefined) found.push({ value, tensor });
      else if (reason !== "") skipped.push({ name: value.name, reason });
    }
  }
  return { found, skipped, unknown: options.protect.filter((name) => !names.has(name)) };
}

function heldTensor(value: Value): Tensor | undefined {
  if (value.initializer !== undefined) return value.initializer;
  const node = value.producer;
  return node !== undefined && isStandard(node) && node.opType === "Constant"
    ? tensorAttribute(node, "value")
    : undefined;
}

/** Why a tensor stays as it is; empty where that goes without saying: integers are no weights. */
function reasonAgainst(
  value: Value,
  tensor: Tensor,
  shielded: ReadonlySet<string>,
  least: number,
): EngineRemark | "" | undefined {
  if (tensor.dataType === dtypes.float16.code) return say("cast-bfloat16.isFloat16");
  if (tensor.dataType === dtypes.bfloat16.code) return say("cast-bfloat16.isBfloat16");
  if (tensor.dataType === dtypes.float64.code) return say("cast-bfloat16.isFloat64");
  if (tensor.dataType !== dtypes.float32.code) return "";
  if (shielded.has(value.name)) return say("common.protectedByName");
  const count = elementCount(tensor.dims);
  if (count < least) return say("cast-bfloat16.tooFew", { count, least });
  if (value.scope.kind === "function") return say("cast-bfloat16.inFunction");
  if (value.isInput && value.scope.kind !== "main") return say("cast-bfloat16.overridable");
  const readers = value.uses.map(({ node }) => node);
  if (readers.some((node) => node.name !== undefined && shielded.has(node.name))) {
    return say("common.protectedByNode");
  }
  if (readers.some(isQuantizedOp)) return say("cast-bfloat16.scales");
  return undefined;
}
