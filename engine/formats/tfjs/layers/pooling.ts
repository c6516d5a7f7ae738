import { z } from "zod";
import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import { malformed } from "../artifact/fault.ts";
import { inChannelsFirst } from "../graph/layout.ts";
import { signal } from "../graph/signal.ts";
import { placeWindow } from "../graph/window.ts";
import { floats, type LayerRule, options, refuse } from "./call.ts";
import { windowOf } from "./convolution.ts";
import { dataFormat, off, sizes } from "./options.ts";

const schema = z.object({
  pool_size: sizes.nullish().transform((value) => value ?? [2]),
  strides: sizes.nullish(),
  padding: z
    .enum(["same", "valid"])
    .nullish()
    .transform((value) => value ?? "valid"),
  data_format: dataFormat,
});

/** Max and average pooling; what is padded counts in neither. */
export const pooling =
  (kind: "MaxPool" | "AveragePool", rank: number): LayerRule =>
  (call) => {
    const read = options(call, schema);
    const { pool_size: kernel, strides, padding, data_format: isFirst } = read;
    const window = windowOf(
      call,
      { kernel_size: kernel, strides: strides ?? kernel, dilation_rate: [1], padding },
      rank,
    );
    const x = floats(call, rank + 2, rank + 2);
    return [
      inChannelsFirst(call.writer, x, call.spec.name, isFirst, (first) => {
        const { sizes: places, padding: pads } = placeWindow(first.dims.slice(2), window);
        if (places.some((place) => typeof place === "number" && place < 1)) {
          throw malformed("Its window is larger than its input", call.spec.place);
        }
        const attributes = [
          makeInts("kernel_shape", window.kernel),
          makeInts("strides", window.strides),
          ...pads,
          ...(kind === "AveragePool" ? [makeInt("count_include_pad", 0)] : []),
        ];
        const name = call.writer.node(kind, [first.name], call.spec.name, attributes);
        return signal(name, [first.dims[0] ?? null, first.dims[1] ?? null, ...places]);
      }),
    ];
  };

const globalSchema = z.object({ data_format: dataFormat, keepdims: off });

/** The mean or the largest over all places. */
export const globalPooling =
  (kind: "GlobalMaxPool" | "GlobalAveragePool", rank: number): LayerRule =>
  (call) => {
    const { data_format: isFirst, keepdims } = options(call, globalSchema);
    const x = floats(call, rank + 2, rank + 2);
    const { writer, spec } = call;
    // Keras leaves masked steps out of the mean.
    if (x.masked) refuse(call, "over a sequence with a mask");
    const places = Array.from({ length: rank }, () => 1);
    // Without its places the result has no layout to return to.
    const pooled = inChannelsFirst(writer, x, spec.name, isFirst, (first) => {
      const [rows = null, channels = null] = first.dims;
      const name = writer.node(kind, [first.name], spec.name);
      if (keepdims) return signal(name, [rows, channels, ...places]);
      return signal(writer.node("Flatten", [name], spec.name, [makeInt("axis", 1)]), [rows, channels]);
    });
    return [pooled];
  };
