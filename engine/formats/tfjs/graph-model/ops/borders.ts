import { makeInt, makeInts, makeString } from "#engine/onnx/attributes.ts";
import { malformed } from "../../artifact/fault.ts";
import { type Dim, mapDim } from "../../graph/signal.ts";
import { constants, emit, input, type OpCall, type OpRule, refuse } from "../call.ts";
import type { Value } from "../value.ts";

/** Pairs of sizes, one for each axis. */
function pairs(call: OpCall, x: Value): (readonly [number, number])[] {
  const list = constants(call, 1, "sizes");
  if (list.length !== 2 * x.dims.length || Math.min(0, ...list) < 0) {
    throw malformed("Its paddings are not a pair of sizes for each axis", call.place);
  }
  return x.dims.map((_, at) => [list[2 * at] ?? 0, list[2 * at + 1] ?? 0]);
}

/** Pad, PadV2 with another value than 0, MirrorPad without the border itself. */
export const pad: OpRule = (call) => {
  const x = input(call, 0);
  const sizes = pairs(call, x);
  const isMirror = call.op === "MirrorPad";
  if (isMirror && call.attributes.text("mode", "REFLECT") !== "REFLECT")
    refuse(call, "of the kind SYMMETRIC");
  const dims = x.dims.map((dim, at): Dim => {
    const [before, behind] = sizes[at] ?? [0, 0];
    return before + behind === 0 ? dim : mapDim(dim, (size) => size + before + behind);
  });
  const list = call.writer.ints([...sizes.map(([before]) => before), ...sizes.map(([, behind]) => behind)]);
  const value = call.op === "PadV2" ? [input(call, 2)] : [];
  return [
    emit(call, "Pad", [x, list, ...value], dims, x.dtype, isMirror ? [makeString("mode", "reflect")] : []),
  ];
};

/** DepthToSpace and SpaceToDepth of images with the channel last. */
export const blocks =
  (opType: "DepthToSpace" | "SpaceToDepth"): OpRule =>
  (call) => {
    const x = input(call, 0);
    const size = call.attributes.int("block_size", 2);
    if (call.attributes.text("data_format", "NHWC") !== "NHWC") refuse(call, "with the channels first");
    const [rows = null, height = null, width = null, depth] = x.dims;
    if (x.dims.length !== 4 || typeof depth !== "number" || size < 2)
      throw malformed("It is no image of blocks", call.place);
    const isSpace = opType === "DepthToSpace";
    const scale = (dim: Dim) => mapDim(dim, (places) => (isSpace ? places * size : places / size));
    const channels = isSpace ? depth / size ** 2 : depth * size ** 2;
    const made = [rows, scale(height), scale(width), channels];
    if (made.some((dim) => typeof dim === "number" && !Number.isInteger(dim)))
      throw malformed("Its blocks do not fit", call.place);
    const order = [0, 3, 1, 2].map((axis) => x.dims[axis] ?? null);
    const first = emit(call, "Transpose", [x], order, x.dtype, [makeInts("perm", [0, 3, 1, 2])]);
    const dims = [0, 3, 1, 2].map((axis) => made[axis] ?? null);
    const moved = emit(call, opType, [first], dims, x.dtype, [makeInt("blocksize", size)]);
    return [emit(call, "Transpose", [moved], made, x.dtype, [makeInts("perm", [0, 2, 3, 1])])];
  };
