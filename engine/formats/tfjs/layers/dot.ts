import { z } from "zod";
import { makeInt } from "#engine/onnx/attributes.ts";
import { malformed } from "../artifact/fault.ts";
import { transpose } from "../graph/layout.ts";
import { type Signal, signal } from "../graph/signal.ts";
import { asFloat, axisOf, type LayerCall, type LayerRule, options, refuse } from "./call.ts";
import { axes, off } from "./options.ts";

const schema = z.object({ axes, normalize: off });

/**
 * Sums the products of two inputs along one axis of each, item by item of the batch: the other axes of the first, then
 * those of the second. Two vectors give one number an item. With `normalize` both are divided by their lengths along the
 * axis, √(Σx²) and at least √ε with ε = 10⁻⁷ as Keras.
 */
export const dot: LayerRule = (call) => {
  const { axes: written, normalize } = options(call, schema);
  const [left, right] = call.inputs;
  if (left === undefined || right === undefined || call.inputs.length !== 2 || written.length > 2) {
    throw malformed("It takes two inputs and an axis of each", call.spec.place);
  }
  if (left.dims.length > 3 || right.dims.length > 3) refuse(call, "of more than 3 dimensions");
  const leftAxis = axisOf(call, written[0] ?? -1, left.dims.length);
  const rightAxis = axisOf(call, written.at(-1) ?? -1, right.dims.length);
  if (leftAxis === 0 || rightAxis === 0) refuse(call, "along the batch");
  const a = matrix(call, prepared(call, left, leftAxis, normalize), leftAxis, "last");
  const b = matrix(call, prepared(call, right, rightAxis, normalize), rightAxis, "first");
  if (typeof a.dims[2] === "number" && typeof b.dims[1] === "number" && a.dims[2] !== b.dims[1]) {
    throw malformed("The axes of its inputs have different sizes", call.spec.place);
  }
  const { writer, spec } = call;
  const product = writer.node("MatMul", [a.name, b.name], spec.name);
  const rows = left.dims.length === 3 ? [a.dims[1] ?? null] : [];
  const columns = right.dims.length === 3 ? [b.dims[2] ?? null] : [];
  const squeezed = [...(rows.length === 0 ? [1] : []), ...(columns.length === 0 ? [2] : [])];
  // Two vectors keep one axis, so that there is one number for each item.
  const gone = squeezed.length === 2 ? [1] : squeezed;
  const name = gone.length === 0 ? product : writer.node("Squeeze", [product, writer.ints(gone)], spec.name);
  const rest = squeezed.length === 2 ? [1] : [...rows, ...columns];
  return [signal(name, [left.dims[0] ?? null, ...rest])];
};

function prepared(call: LayerCall, input: Signal, axis: number, normalize: boolean): Signal {
  const x = asFloat(call, input);
  if (!normalize) return x;
  const { writer, spec } = call;
  const squares = writer.node("ReduceSumSquare", [x.name, writer.ints([axis])], spec.name, [
    makeInt("keepdims", 1),
  ]);
  const bounded = writer.node("Max", [squares, writer.float(1e-7)], spec.name);
  const length = writer.node("Sqrt", [bounded], spec.name);
  return { ...x, name: writer.node("Div", [x.name, length], spec.name) };
}

/** [batch, rows, columns] with the summed axis last or first of the two; a vector gets an axis of size 1. */
function matrix(call: LayerCall, x: Signal, axis: number, place: "last" | "first"): Signal {
  const { writer, spec } = call;
  const [rows = null, size = null] = x.dims;
  if (x.dims.length === 2) {
    const at = place === "last" ? 1 : 2;
    const name = writer.node("Unsqueeze", [x.name, writer.ints([at])], spec.name);
    return signal(name, at === 1 ? [rows, 1, size] : [rows, size, 1]);
  }
  const isThere = place === "last" ? axis === 2 : axis === 1;
  return isThere ? x : transpose(writer, x, [0, 2, 1], spec.name);
}
