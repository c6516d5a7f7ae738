/** A dimension: a number, a symbol that keeps its name, or unknown. */
export type Dim = number | string | undefined;

/** What is known of a tensor before it is computed. */
export interface TensorInfo {
  /** Code of `onnx/dtypes.ts`. */
  readonly dtype: number | undefined;
  /** Undefined where even the rank is unknown. */
  readonly shape: readonly Dim[] | undefined;
  /**
   * The contents, flat, of a small tensor of numbers: shapes and axes are computed by graphs themselves. Entries
   * are symbols where they come from a symbolic dimension.
   */
  readonly values?: readonly Dim[] | undefined;
}

/** Contents are followed up to this length: shapes, pads, scales and axes are far shorter. */
export const maxValues = 256;

export function info(dtype: number | undefined, shape: readonly Dim[] | undefined): TensorInfo {
  return { dtype, shape };
}

/** Contents are dropped where they are too long or do not fill the shape. */
export function withValues(
  dtype: number | undefined,
  shape: readonly Dim[],
  values: readonly Dim[] | undefined,
) {
  const count = productOf(shape);
  return values !== undefined && count === values.length && count <= maxValues
    ? { dtype, shape, values }
    : { dtype, shape };
}

/** Product of dimensions, undefined unless all are numbers. */
export function productOf(dims: readonly Dim[]): number | undefined {
  let product = 1;
  for (const dim of dims) {
    if (typeof dim !== "number") return undefined;
    product *= dim;
  }
  return product;
}

export function isNumbers(values: readonly Dim[] | undefined): values is readonly number[] {
  return values?.every((value) => typeof value === "number") ?? false;
}

/** An axis counted from the end where negative; undefined where it lies outside. */
export function axisOf(axis: number, rank: number): number | undefined {
  const at = axis < 0 ? axis + rank : axis;
  return at >= 0 && at < rank ? at : undefined;
}

function broadcastDim(a: Dim, b: Dim): Dim {
  if (a === 1) return b;
  if (b === 1 || a === b) return a;
  // A number above 1 decides against a symbol or an unknown, which can only be 1 or equal to it.
  if (typeof a === "number" && typeof b !== "number") return a;
  if (typeof b === "number" && typeof a !== "number") return b;
  return undefined;
}

/** Multidirectional broadcasting of ONNX (NumPy's rules); undefined where a rank is unknown. */
export function broadcast(shapes: readonly (readonly Dim[] | undefined)[]): Dim[] | undefined {
  let result: Dim[] = [];
  for (const shape of shapes) {
    if (shape === undefined) return undefined;
    const rank = Math.max(result.length, shape.length);
    const next: Dim[] = [];
    for (let at = 0; at < rank; at++) {
      const a = at < rank - result.length ? 1 : result[at - (rank - result.length)];
      const b = at < rank - shape.length ? 1 : shape[at - (rank - shape.length)];
      next.push(broadcastDim(a, b));
    }
    result = next;
  }
  return result;
}

/** What holds for both: of If's branches, of a loop's state before and after a turn. */
export function meet(a: TensorInfo | undefined, b: TensorInfo | undefined): TensorInfo | undefined {
  if (a === undefined || b === undefined) return undefined;
  const dtype = a.dtype === b.dtype ? a.dtype : undefined;
  if (a.shape === undefined || b.shape === undefined || a.shape.length !== b.shape.length)
    return info(dtype, undefined);
  const other = b.shape;
  return info(
    dtype,
    a.shape.map((dim, at) => (dim === other[at] ? dim : undefined)),
  );
}

/** Fills the gaps of what was inferred from what the file declares. */
export function fill(
  inferred: TensorInfo | undefined,
  declared: TensorInfo | undefined,
): TensorInfo | undefined {
  if (inferred === undefined || declared === undefined) return inferred ?? declared;
  const dtype = inferred.dtype ?? declared.dtype;
  const { shape } = inferred;
  if (shape === undefined) return { ...declared, dtype };
  const other = declared.shape;
  if (other === undefined || other.length !== shape.length) return { ...inferred, dtype };
  return { ...inferred, dtype, shape: shape.map((dim, at) => dim ?? other[at]) };
}

/**
 * Contents of a tensor that is made by choosing elements of another: for each index of the result, `source` tells
 * the index it comes from. Undefined where the shapes are not numbers.
 */
export function selected(
  values: readonly Dim[] | undefined,
  from: readonly Dim[],
  to: readonly Dim[],
  source: (index: readonly number[]) => readonly number[],
): Dim[] | undefined {
  const count = productOf(to);
  if (
    values === undefined ||
    count === undefined ||
    count > maxValues ||
    !isNumbers(from) ||
    !isNumbers(to)
  ) {
    return undefined;
  }
  return Array.from({ length: count }, (_, flat) => {
    const index: number[] = [];
    let rest = flat;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      const size = to[axis] ?? 1;
      index[axis] = rest % size;
      rest = Math.floor(rest / size);
    }
    let at = 0;
    const chosen = source(index);
    for (const [axis, size] of from.entries()) at = at * size + (chosen[axis] ?? 0);
    return values[at];
  });
}
