import { makeInt, makeString } from "#engine/onnx/attributes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import { malformed } from "../../artifact/fault.ts";
import { inChannelsFirst } from "../../graph/layout.ts";
import { type Signal, signal } from "../../graph/signal.ts";
import { constants, emit, type OpCall, type OpRule } from "../call.ts";
import { image } from "./convolution.ts";

const modes = new Map([
  ["ResizeBilinear", "linear"],
  ["ResizeNearestNeighbor", "nearest"],
]);

/** Images of another size, the corners placed as the attributes say (TensorFlow, `image_resizer_state.h`). */
export const resize: OpRule = (call) => {
  const x = image(call);
  const size = constants(call, 1, "sizes");
  if (size.length !== 2 || Math.min(...size) < 1) throw malformed("Its size is not two numbers", call.place);
  const corners = call.attributes.bool("align_corners", false);
  const halves = call.attributes.bool("half_pixel_centers", false);
  const mode = modes.get(call.op) ?? "linear";
  const places = corners ? "align_corners" : halves ? "half_pixel" : "asymmetric";
  const nearest = corners || halves ? "round_prefer_ceil" : "floor";
  const float: Signal =
    x.dtype === "float32" ? x : emit(call, "Cast", [x], x.dims, "float32", [makeInt("to", 1)]);
  return [
    inChannelsFirst(call.writer, float, call.scope, false, (first) => {
      const name = call.writer.node(
        "Resize",
        [first.name, "", ...sizeInputs(call, first, size)],
        call.scope,
        [
          makeString("mode", mode),
          makeString("coordinate_transformation_mode", places),
          ...(mode === "nearest" ? [makeString("nearest_mode", nearest)] : []),
        ],
      );
      return signal(name, [first.dims[0] ?? null, first.dims[1] ?? null, ...size]);
    }),
  ];
};

/**
 * The scales where float32 holds them, else the sizes behind those of batch and channels. (ONNX can name axes instead, but
 * ONNX Runtime 1.30 gets that wrong where it moves a Transpose past the node.)
 */
function sizeInputs({ writer, scope }: OpCall, x: Signal, size: readonly number[]): string[] {
  const scales = size.map((wanted, axis) => {
    const dim = x.dims[axis + 2];
    const scale = typeof dim === "number" ? wanted / dim : Number.NaN;
    return Math.fround(scale) === scale ? scale : Number.NaN;
  });
  if (!scales.some(Number.isNaN)) {
    const key = `scales ${JSON.stringify(scales)}`;
    return [
      writer.constant(key, "scales", (name) =>
        makeTensor(name, "float32", [4], Float32Array.of(1, 1, ...scales)),
      ),
    ];
  }
  const front = writer.node("Shape", [x.name], scope, [makeInt("end", 2)]);
  return ["", writer.node("Concat", [front, writer.ints(size)], scope, [makeInt("axis", 0)])];
}
