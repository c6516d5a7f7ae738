import { LazyBytes } from "#engine/onnx/lazy.ts";

/**
 * A copy of a model or a part of it: every object and list is new, so that an edit never reaches the original, while
 * the bytes of tensors and other typed arrays are shared with it.
 */
export function cloneStructure<T>(value: T): T {
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if (value instanceof LazyBytes) return value;
  if (Array.isArray(value)) return value.map(copy);
  const out: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value)) out[key] = copy(part);
  return out;
}
