import { makeInts } from "#engine/onnx/attributes.ts";
import { type Signal, signal } from "./signal.ts";
import type { GraphWriter } from "./writer.ts";

/** The order that moves the channel from the last axis to the one behind the batch. */
function channelsFirst(rank: number): number[] {
  return [0, rank - 1, ...Array.from({ length: rank - 2 }, (_, at) => at + 1)];
}

/** The order that moves it back. */
function channelsLast(rank: number): number[] {
  return [0, ...Array.from({ length: rank - 2 }, (_, at) => at + 2), 1];
}

/** A Transpose node, unless the order changes nothing. */
export function transpose(writer: GraphWriter, x: Signal, order: readonly number[], scope: string): Signal {
  if (order.every((axis, at) => axis === at)) return x;
  const name = writer.node("Transpose", [x.name], scope, [makeInts("perm", order)]);
  return {
    ...signal(
      name,
      order.map((axis) => x.dims[axis] ?? null),
      x.dtype,
    ),
    ...(x.masked && { masked: true }),
  };
}

/**
 * Does something in the layout of ONNX, the channel behind the batch, to a value of TensorFlow's, where it stands last.
 *
 * @param isFirst whether the source has the channel behind the batch already
 */
export function inChannelsFirst(
  writer: GraphWriter,
  x: Signal,
  scope: string,
  isFirst: boolean,
  body: (x: Signal) => Signal,
): Signal {
  const rank = x.dims.length;
  if (isFirst || rank < 3) return body(x);
  const y = body(transpose(writer, x, channelsFirst(rank), scope));
  return transpose(writer, y, channelsLast(y.dims.length), scope);
}
