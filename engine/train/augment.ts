import { EngineError } from "#engine/error.ts";
import type { InputPlan } from "#engine/evaluate/dataset/match-inputs.ts";
import { type RandomStream, randomStream } from "#engine/evaluate/statistics/random.ts";
import type { NumericData } from "#engine/evaluate/tensors/tensor.ts";

export interface Augmentation {
  /** Pixels by which an image moves at most, each way. */
  readonly shift: number;
  /** Half of the images are mirrored, left to right. */
  readonly flip: boolean;
}

/** How the values of an item are the pixels of an image; strides are in values. */
export interface ImageForm {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly rowStride: number;
  readonly columnStride: number;
  readonly channelStride: number;
}

/**
 * The pixels of an input, as the model takes its items: [H, W], [C, H, W] and [H, W, C], and what was flattened from it.
 *
 * @throws EngineError "data-mismatch" where the items are no images
 */
export function imageForm({
  encoder,
  permutation,
  signature,
}: Pick<InputPlan, "encoder" | "permutation" | "signature">): ImageForm {
  const { itemShape, input } = encoder;
  const given = input.layout ?? guessedLayout(itemShape);
  if (given === undefined)
    throw new EngineError(
      "data-mismatch",
      `Items of [${itemShape.join(", ")}] are no images that could be moved or mirrored`,
      `input "${signature.name}"`,
    );
  const [one = 1, two = 1, three = 1] = itemShape;
  const [height, width, channels] =
    itemShape.length === 2 ? [one, two, 1] : given === "NHWC" ? [one, two, three] : [two, three, one];
  const isTurned = permutation !== undefined;
  const isChannelsLast = (given === "NHWC") !== isTurned;
  return isChannelsLast
    ? { height, width, channels, rowStride: width * channels, columnStride: channels, channelStride: 1 }
    : { height, width, channels, rowStride: width, columnStride: 1, channelStride: height * width };
}

const mostChannels = 4;

function guessedLayout(shape: readonly number[]): "NCHW" | "NHWC" | undefined {
  if (shape.length === 2 && shape.every((size) => size > 1)) return "NCHW";
  if (shape.length !== 3) return undefined;
  const [first = 0, , last = 0] = shape;
  if (first <= mostChannels) return "NCHW";
  return last <= mostChannels ? "NHWC" : undefined;
}

/** Neighbouring batches, inputs and seeds get streams of their own: two odd multipliers of 32 bits. */
const [stepMultiplier, seedMultiplier] = [0x9e37_79b1, 0x85eb_ca6b];

/** Random numbers for one batch, which depend on seed and step alone. */
export function augmentationStream(seed: number, step: number): RandomStream {
  return randomStream((Math.imul(seed + 1, seedMultiplier) ^ Math.imul(step + 1, stepMultiplier)) | 0);
}

/**
 * Moves and mirrors the images of a batch in place. What comes in from outside of an image repeats its edge, so that the
 * background stays what it is however the values were normalised.
 *
 * @param items values of each image, one after the other
 */
export function augment(
  items: NumericData,
  form: ImageForm,
  { shift, flip }: Augmentation,
  random: RandomStream,
): void {
  const { height, width, channels } = form;
  const size = height * width * channels;
  const before = items.slice(0, size) as NumericData;
  for (let at = 0; at + size <= items.length; at += size) {
    const down = shift === 0 ? 0 : random.below(2 * shift + 1) - shift;
    const right = shift === 0 ? 0 : random.below(2 * shift + 1) - shift;
    const isMirrored = flip && random.below(2) === 1;
    if (down === 0 && right === 0 && !isMirrored) continue;
    before.set(items.subarray(at, at + size) as never);
    for (let row = 0; row < height; row++) {
      const fromRow = clamp(row - down, height) * form.rowStride;
      for (let column = 0; column < width; column++) {
        const moved = clamp(column - right, width);
        const from = fromRow + (isMirrored ? width - 1 - moved : moved) * form.columnStride;
        const to = at + row * form.rowStride + column * form.columnStride;
        for (let channel = 0; channel < channels; channel++)
          items[to + channel * form.channelStride] = before[from + channel * form.channelStride]!;
      }
    }
  }
}

const clamp = (at: number, size: number) => Math.min(size - 1, Math.max(0, at));
