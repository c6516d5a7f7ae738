import { dtypeName } from "#engine/onnx/dtypes.ts";
import type { Model, Type } from "#engine/onnx/model.ts";
import type { Shapes } from "../graph/shapes/infer.ts";
import type { Inspection } from "../inspect.schema.ts";

/** `float32`, `sequence(float32)`, `map(int64, optional(float32))` …; bounded because types nest in the file. */
function typeName(type: Type | undefined, depth = 0): string {
  if (type === undefined || depth > 8) return "undefined";
  if (type.tensorType) return dtypeName(type.tensorType.elemType);
  if (type.sparseTensorType) return `sparse(${dtypeName(type.sparseTensorType.elemType)})`;
  if (type.sequenceType) return `sequence(${typeName(type.sequenceType.elemType, depth + 1)})`;
  if (type.optionalType) return `optional(${typeName(type.optionalType.elemType, depth + 1)})`;
  if (type.mapType)
    return `map(${dtypeName(type.mapType.keyType)}, ${typeName(type.mapType.valueType, depth + 1)})`;
  return type.opaqueType ? "opaque" : "undefined";
}

/** What a caller feeds: inputs that no initialiser fills already. */
export function signatureInputs(model: Model): Inspection["inputs"] {
  const filled = new Set(model.graph.initializer.map(({ name }) => name));
  for (const sparse of model.graph.sparseInitializer ?? []) filled.add(sparse.values?.name);
  return model.graph.input
    .filter(({ name }) => !filled.has(name))
    .map(({ name, type }) => ({ name, dtype: typeName(type), shape: declaredShape(type) }));
}

/** Declared types and shapes; where a file declares none, what inference found. */
export function signatureOutputs(model: Model, shapes: Shapes): Inspection["outputs"] {
  return model.graph.output.map(({ name, type }) => {
    const found = shapes.info(model.graph, name);
    const dtype = typeName(type);
    return {
      name,
      dtype: dtype === "undefined" && found !== undefined ? dtypeName(found.dtype) : dtype,
      shape: declaredShape(type) ?? found?.shape?.map((dim) => dim ?? null) ?? null,
    };
  });
}

function declaredShape(type: Type | undefined): (number | string | null)[] | null {
  const shape = type?.tensorType?.shape ?? type?.sparseTensorType?.shape;
  if (shape === undefined) return null;
  return shape.dim.map(({ dimValue, dimParam }) => {
    if (dimValue !== undefined) return dimValue >= 0 ? dimValue : null;
    return dimParam || null;
  });
}
