import { optionTables } from "../reader/options.ts";
import type { Site } from "../writer/site.ts";
import { bias, constantOf, kernel } from "../writer/weights.ts";
import type { Converter } from "./converter.ts";
import { channelsFirst, storeImage, windowAttributes } from "./windows.ts";

/** CONV_2D: the kernel is [out, height, width, in / groups], as images are channels last. */
const conv2d: Converter = (site) => {
  const options = site.options(optionTables.conv2d);
  const [image, weight] = [site.input(0), site.input(1)];
  site.rank(image, 4);
  site.rank(weight, 4);
  const [outputs = 0, height = 0, width = 0, depth = 0] = weight.shape;
  const groups = depth === 0 ? 0 : (image.shape[3] ?? 0) / depth;
  if (!Number.isInteger(groups) || groups < 1 || outputs % groups !== 0)
    site.refuse("with a kernel that does not fit its channels");
  const attributes = {
    ...windowAttributes(image, [height, width], options, site),
    ...(groups === 1 ? {} : { group: groups }),
  };
  convolve(site, [0, 3, 1, 2], attributes, options.activation);
};

/** DEPTHWISE_CONV_2D: the kernel is [1, height, width, channels · multiplier]. */
const depthwiseConv2d: Converter = (site) => {
  const options = site.options(optionTables.depthwiseConv2d);
  const [image, weight] = [site.input(0), site.input(1)];
  site.rank(image, 4);
  site.rank(weight, 4);
  const [one = 0, height = 0, width = 0, outputs = 0] = weight.shape;
  const channels = image.shape[3] ?? 0;
  if (one !== 1 || channels < 1 || outputs % channels !== 0)
    site.refuse("with a kernel that does not fit its channels");
  const attributes = { ...windowAttributes(image, [height, width], options, site), group: channels };
  convolve(site, [3, 0, 1, 2], attributes, options.activation);
};

function convolve(
  site: Site,
  perm: readonly number[],
  attributes: Parameters<Site["node"]>[2],
  activation: number,
): void {
  const [image, weight] = [site.input(0), site.input(1)];
  const inputs = [channelsFirst(site, image), kernel(site, weight, perm)];
  const added = bias(site, 2, image, constantOf(site, weight) ?? weight);
  if (added !== undefined) inputs.push(added);
  const value = site.node("Conv", inputs, { ...attributes, ...site.operator.dilated });
  storeImage(site, site.output(), value, activation);
}

/**
 * TRANSPOSE_CONV: inputs are the shape of the result, the kernel [out, height, width, in], and the image. Its padding is
 * that of the convolution which would make the image from the result.
 */
const transposeConv: Converter = (site) => {
  const { padding, strideH, strideW, activation } = site.options(optionTables.transposeConv);
  const [weight, image, output] = [site.input(1), site.input(2), site.output()];
  site.rank(image, 4);
  site.rank(weight, 4);
  site.rank(output, 4);
  if (Math.min(strideH, strideW) < 1) site.refuse("with a stride below 1");
  const axes = [1, 2].map((axis) => {
    const [stride, window] = [axis === 1 ? strideH : strideW, weight.shape[axis] ?? 0];
    const excess = ((image.shape[axis] ?? 0) - 1) * stride + window - (output.shape[axis] ?? 0);
    const before = padding === 0 ? Math.max(0, excess) >> 1 : 0;
    return { stride, window, before, after: Math.max(0, excess - before), more: Math.max(0, -excess) };
  });
  const list = (key: "stride" | "window" | "before" | "after" | "more") => axes.map((axis) => axis[key]);
  const inputs = [channelsFirst(site, image), kernel(site, weight, [3, 0, 1, 2])];
  const added = bias(site, 3, image, constantOf(site, weight) ?? weight);
  if (added !== undefined) inputs.push(added);
  const value = site.node("ConvTranspose", inputs, {
    kernel_shape: list("window"),
    strides: list("stride"),
    pads: [...list("before"), ...list("after")],
    ...(list("more").some((more) => more > 0) ? { output_padding: list("more") } : {}),
  });
  storeImage(site, output, value, activation);
};

export const convolutions = {
  CONV_2D: conv2d,
  DEPTHWISE_CONV_2D: depthwiseConv2d,
  TRANSPOSE_CONV: transposeConv,
} satisfies Record<string, Converter>;
