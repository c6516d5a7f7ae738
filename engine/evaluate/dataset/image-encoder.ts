import { EngineError } from "#engine/error.ts";
import type { ArrayColumn, PictureColumn } from "./columns.ts";
import { finalSize, type ImageSize, resample, resizedSize } from "./geometry.ts";
import type { ManifestInput } from "./manifest.schema.ts";

/** Where the values of an image lie: strides in values. */
interface Form extends ImageSize {
  readonly channels: number;
  readonly isChannelsFirst: boolean;
}

/**
 * Items that are images, brought to one size by `resize` and `crop`, before they are scaled: shape of the result, and
 * a function that writes it. The layout stays that of the column.
 *
 * @throws EngineError "data-mismatch" where items are no images, or keep different sizes
 */
export function imageItems(
  input: ManifestInput,
  column: ArrayColumn | PictureColumn,
): { itemShape: readonly number[]; write: (row: number, target: Float64Array) => void } {
  const { resize, crop } = input;
  const place = `input ${JSON.stringify(input.to)}`;
  if (column.kind === "pictures") {
    const size = finalSize(resize, crop);
    const channels = column.values[0]?.channels ?? 3;
    if (size === undefined) throw differentSizes(column, place);
    const write = (row: number, target: Float64Array) => {
      const { pixels, ...form } = column.values[row]!;
      writeImage(input, { ...form, isChannelsFirst: false }, pixels, target, size.width);
    };
    return { itemShape: [size.height, size.width, channels], write };
  }
  const form = formOf(input, input.shape ?? column.itemShape, place);
  const size = crop ?? resizedSize(form, resize);
  const count = form.height * form.width * form.channels;
  const write = (row: number, target: Float64Array) =>
    writeImage(
      input,
      form,
      column.values.subarray(row * count, (row + 1) * count),
      target,
      size.width,
      size.height,
    );
  const flat = (input.shape ?? column.itemShape).length === 2;
  const { height, width } = size;
  const itemShape = flat
    ? [height, width]
    : form.isChannelsFirst
      ? [form.channels, height, width]
      : [height, width, form.channels];
  return { itemShape, write };
}

function formOf(input: ManifestInput, shape: readonly number[], place: string): Form {
  const [one = 0, two = 0, three = 1] = shape;
  if (shape.length === 2) return { height: one, width: two, channels: 1, isChannelsFirst: false };
  const isChannelsFirst =
    input.layout === undefined ? shape.length === 3 && one <= 4 && three > 4 : input.layout === "NCHW";
  if (shape.length !== 3) {
    throw new EngineError(
      "data-mismatch",
      `\`resize\` and \`crop\` take images, [height, width] and a third axis for channels; items have [${shape.join(", ")}]`,
      place,
    );
  }
  return isChannelsFirst
    ? { height: two, width: three, channels: one, isChannelsFirst }
    : { height: one, width: two, channels: three, isChannelsFirst };
}

function writeImage(
  input: ManifestInput,
  form: Form,
  pixels: ArrayLike<number>,
  target: Float64Array,
  width: number,
  height = 0,
): void {
  const { channels, isChannelsFirst } = form;
  const at = isChannelsFirst
    ? (y: number, x: number, channel: number) => pixels[(channel * form.height + y) * form.width + x]!
    : (y: number, x: number, channel: number) => pixels[(y * form.width + x) * channels + channel]!;
  resample(form, channels, input.resize, input.crop, at, (y, x, channel, value) => {
    target[isChannelsFirst ? (channel * height + y) * width + x : (y * width + x) * channels + channel] =
      value;
  });
}

function differentSizes(column: PictureColumn, place: string): EngineError {
  const [first, ...rest] = column.values;
  const other = rest.find(({ height, width }) => height !== first?.height || width !== first.width);
  return new EngineError(
    "data-mismatch",
    `The pictures have different sizes, as ${first?.height} × ${first?.width} and ${other?.height} × ${other?.width} (height × width): give the input \`resize: {height: H, width: W}\`, or \`resize: {shorter: S}\` and a \`crop\``,
    place,
  );
}
