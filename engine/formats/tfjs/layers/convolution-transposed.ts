import { z } from "zod";
import { makeInts } from "#engine/onnx/attributes.ts";
import { inChannelsFirst } from "../graph/layout.ts";
import { mapDim, signal } from "../graph/signal.ts";
import { activate } from "./activate.ts";
import { floats, known, type LayerRule, options, parameter, refuse } from "./call.ts";
import { kernelOrder, windowOf, windowOptions } from "./convolution.ts";
import { size } from "./options.ts";

const schema = z.object({ ...windowOptions, filters: size, output_padding: z.unknown().optional() });

/**
 * Conv1DTranspose, Conv2DTranspose: the gradient of a convolution by its input. With n the size of the input, s the
 * stride and k the kernel, "same" gives n·s places and "valid" n·s + max(k − s, 0) (Keras, `deconv_output_length`;
 * tfjs-layers, `layers/convolutional.ts`). The kernel has the axes (space, out, in).
 */
export const transposedConvolution =
  (rank: number): LayerRule =>
  (call) => {
    const read = options(call, schema);
    const { kernel, strides, dilations, padding } = windowOf(call, read, rank);
    if (dilations.some((step) => step > 1)) refuse(call, "with dilation");
    if (read.output_padding !== undefined && read.output_padding !== null)
      refuse(call, "with output_padding");
    if (padding === "causal") refuse(call, "with causal padding");
    const x = floats(call, rank + 2, rank + 2);
    const { filters, data_format: isFirst } = read;
    const channels = known(call, x.dims[isFirst ? 1 : rank + 1], "channels");
    const weight = parameter(call, "kernel", [...kernel, filters, channels], { order: kernelOrder(rank) });
    const bias = read.use_bias ? [parameter(call, "bias", [filters])] : [];
    const rest = kernel.map((reach, at) => reach - (strides[at] ?? 1));
    const before = rest.map((more) => (padding === "same" ? Math.floor(Math.max(0, more) / 2) : 0));
    const behind = rest.map((more, at) => (padding === "same" ? Math.max(0, more) - (before[at] ?? 0) : 0));
    const attributes = [
      makeInts("kernel_shape", kernel),
      makeInts("strides", strides),
      makeInts("pads", [...before, ...behind]),
      makeInts(
        "output_padding",
        rest.map((more) => Math.max(0, -more)),
      ),
    ];
    const y = inChannelsFirst(call.writer, x, call.spec.name, isFirst, (first) => {
      const name = call.writer.node(
        "ConvTranspose",
        [first.name, weight, ...bias],
        call.spec.name,
        attributes,
      );
      const places = first.dims
        .slice(2)
        .map((dim, at) =>
          mapDim(dim, (n) => n * (strides[at] ?? 1) + (padding === "same" ? 0 : Math.max(0, rest[at] ?? 0))),
        );
      return signal(name, [first.dims[0] ?? null, filters, ...places]);
    });
    return [activate(call, y, read.activation)];
  };
