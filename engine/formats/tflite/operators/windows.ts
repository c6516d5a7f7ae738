import type { LiteTensor } from "../reader/lite-model.ts";
import { innerForm } from "../writer/integers.ts";
import { dequantized, numbers, store } from "../writer/numbers.ts";
import type { Site } from "../writer/site.ts";

/** `Padding` of schema.fbs. */
const same = 0;

const toFront = [0, 3, 1, 2];
const toBack = [0, 2, 3, 1];

/** An image as numbers with the channels in front; integers are moved before they are dequantised. */
export function channelsFirst(site: Site, tensor: LiteTensor): string {
  site.rank(tensor, 4);
  if (innerForm(tensor) === undefined) return site.transpose(numbers(site, tensor), toFront);
  return dequantized(site, site.transpose(site.writer.value(tensor), toFront), tensor);
}

/** An image with the channels in front becomes a tensor with the channels at the back. */
export function storeImage(site: Site, tensor: LiteTensor, value: string, activation = 0): void {
  site.rank(tensor, 4);
  store(site, tensor, value, { activation, move: (moved) => site.transpose(moved, toBack) });
}

/** How a window goes over one dimension of an image. */
interface Stride {
  readonly input: number;
  readonly window: number;
  readonly stride: number;
  readonly dilation: number;
}

/**
 * Padding before and after. SAME gives ⌈input / stride⌉ results, its odd pixel at the end; VALID pads nothing
 * (tensorflow/lite/kernels/padding.h).
 */
function padsOf(padding: number, { input, window, stride, dilation }: Stride): [number, number] {
  if (padding !== same) return [0, 0];
  const results = Math.ceil(input / stride);
  const total = Math.max(0, (results - 1) * stride + dilation * (window - 1) + 1 - input);
  return [Math.floor(total / 2), total - Math.floor(total / 2)];
}

/** Attributes that convolutions and pools share, from the options of either. */
export function windowAttributes(
  image: LiteTensor,
  window: readonly [number, number],
  options: {
    readonly padding: number;
    readonly strideW: number;
    readonly strideH: number;
    readonly dilationW?: number;
    readonly dilationH?: number;
  },
  site: Site,
) {
  const [, height = 0, width = 0] = image.shape;
  const { strideH, strideW, dilationH = 1, dilationW = 1, padding } = options;
  if (Math.min(strideH, strideW, dilationH, dilationW, ...window) < 1)
    site.refuse("with a stride, dilation or window below 1");
  const [top, bottom] = padsOf(padding, {
    input: height,
    window: window[0],
    stride: strideH,
    dilation: dilationH,
  });
  const [left, right] = padsOf(padding, {
    input: width,
    window: window[1],
    stride: strideW,
    dilation: dilationW,
  });
  return {
    kernel_shape: [...window],
    strides: [strideH, strideW],
    pads: [top, left, bottom, right],
    ...(dilationH === 1 && dilationW === 1 ? {} : { dilations: [dilationH, dilationW] }),
  };
}
