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

/**
 * SpaceToBatchND and BatchToSpaceND of images, by which TensorFlow writes dilation: places that lie a block apart become
 * items of the batch, and come back (TensorFlow, `spacetobatch_op.cc`).
 */
export const batches =
  (isThere: boolean): OpRule =>
  (call) => {
    const x = input(call, 0);
    const [blockHeight = 0, blockWidth = 0, ...more] = constants(call, 1, "blocks");
    const [top = 0, bottom = 0, left = 0, right = 0] = constants(call, 2, "borders");
    if (more.length > 0 || x.dims.length !== 4 || Math.min(blockHeight, blockWidth) < 1)
      refuse(call, "of other than images");
    if (Math.min(top, bottom, left, right) < 0) throw malformed("Its borders are below 0", call.place);
    const [rows = null, height, width, depth] = x.dims;
    if (typeof height !== "number" || typeof width !== "number" || typeof depth !== "number") {
      return refuse(call, "of open size");
    }
    const { writer } = call;
    const block = blockHeight * blockWidth;
    const step = (
      value: Value,
      opType: string,
      inputs: string[],
      dims: readonly Dim[],
      order?: readonly number[],
    ) => emit(call, opType, [value, ...inputs], dims, x.dtype, order ? [makeInts("perm", order)] : []);
    if (isThere) {
      const [high, wide] = [height + top + bottom, width + left + right];
      const [down, across] = [high / blockHeight, wide / blockWidth];
      if (!Number.isInteger(down) || !Number.isInteger(across))
        throw malformed("Its blocks do not fit", call.place);
      const padded = step(
        x,
        "Pad",
        [writer.ints([0, top, left, 0, 0, bottom, right, 0])],
        [rows, high, wide, depth],
      );
      const split = [down, blockHeight, across, blockWidth, depth];
      const parts = step(padded, "Reshape", [writer.ints([-1, ...split])], [rows, ...split]);
      const order = [2, 4, 0, 1, 3, 5];
      const turned = step(
        parts,
        "Transpose",
        [],
        order.map((axis) => [rows, ...split][axis] ?? null),
        order,
      );
      return [
        step(
          turned,
          "Reshape",
          [writer.ints([-1, down, across, depth])],
          [mapDim(rows, (n) => n * block), down, across, depth],
        ),
      ];
    }
    const split = [blockHeight, blockWidth, -1, height, width, depth];
    const items = mapDim(rows, (n) => n / block);
    const known = split.map((dim) => (dim === -1 ? items : dim));
    const parts = step(x, "Reshape", [writer.ints(split)], known);
    const order = [2, 3, 0, 4, 1, 5];
    const turned = step(
      parts,
      "Transpose",
      [],
      order.map((axis) => known[axis] ?? null),
      order,
    );
    const [high, wide] = [height * blockHeight, width * blockWidth];
    const joined = step(
      turned,
      "Reshape",
      [writer.ints([-1, high, wide, depth])],
      [items, high, wide, depth],
    );
    const cut = [high - top - bottom, wide - left - right];
    if (Math.min(...cut) < 1) throw malformed("It cuts away more than there is", call.place);
    const places = [
      writer.ints([top, left]),
      writer.ints([high - bottom, wide - right]),
      writer.ints([1, 2]),
    ];
    return [step(joined, "Slice", places, [items, ...cut, depth])];
  };
