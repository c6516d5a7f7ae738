import { makeInt, makeInts, makeString } from "#engine/onnx/attributes.ts";
import { malformed } from "../../artifact/fault.ts";
import { inChannelsFirst } from "../../graph/layout.ts";
import { type Signal, signal } from "../../graph/signal.ts";
import { constants, emit, type OpRule } from "../call.ts";
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
      const sizes = call.writer.ints(size, "sizes");
      const name = call.writer.node("Resize", [first.name, "", "", sizes], call.scope, [
        makeString("mode", mode),
        makeString("coordinate_transformation_mode", places),
        ...(mode === "nearest" ? [makeString("nearest_mode", nearest)] : []),
        makeInts("axes", [2, 3]),
      ]);
      return signal(name, [first.dims[0] ?? null, first.dims[1] ?? null, ...size]);
    }),
  ];
};
