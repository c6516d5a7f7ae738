import type { ModelIndex } from "#engine/graph/index.ts";
import type { Scope } from "#engine/graph/scope.ts";
import type { Shapes } from "#engine/graph/shapes/infer.ts";
import { type DType, dtypeOfCode } from "#engine/onnx/dtypes.ts";

export interface KnownType {
  readonly dtype: DType | undefined;
  readonly rank: number | undefined;
}

/** Element type and rank of a value; undefined means not known, never guessed. */
export function knownType(index: ModelIndex, shapes: Shapes, scope: Scope, name: string): KnownType {
  const value = index.resolve(scope, name);
  const tensor = value?.initializer;
  if (tensor !== undefined) return { dtype: dtypeOfCode(tensor.dataType), rank: tensor.dims.length };
  const graph = value?.scope.graph;
  const found = graph === undefined ? undefined : shapes.info(graph, name);
  return { dtype: dtypeOfCode(found?.dtype), rank: found?.shape?.length };
}

const onlyFloatTypes = new WeakMap<ModelIndex, { dtype: DType | undefined }>();

/** float32 where nothing in the model is of another floating-point type, so that every float must be float32. */
export function onlyFloatType(index: ModelIndex): DType | undefined {
  const known = onlyFloatTypes.get(index) ?? { dtype: findOnlyFloatType(index) };
  onlyFloatTypes.set(index, known);
  return known.dtype;
}

function findOnlyFloatType(index: ModelIndex): DType | undefined {
  const other = (code: number | undefined) =>
    ["float16", "float64", "bfloat16"].includes(dtypeOfCode(code) ?? "");
  for (const { graph, body } of index.scopes) {
    if (graph?.input.some((input) => other(input.type?.tensorType?.elemType))) return undefined;
    if (graph?.initializer.some((tensor) => other(tensor.dataType))) return undefined;
    for (const node of body.node) {
      for (const attribute of node.attribute) {
        if (other(attribute.t?.dataType)) return undefined;
        if (["to", "dtype"].includes(attribute.name) && other(Number(attribute.i ?? 0))) return undefined;
      }
    }
  }
  return "float32";
}
