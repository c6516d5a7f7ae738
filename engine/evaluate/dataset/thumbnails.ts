import type { ArrayColumn, Column } from "./columns.ts";
import type { Dataset } from "./dataset.ts";
import { splitNames } from "./manifest.schema.ts";
import type { SampleImage } from "./summary.schema.ts";

/** Larger pictures are reduced by averaging whole blocks. */
const maxSide = 64;
const perSplit = 12;

interface Layout {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly channelsFirst: boolean;
}

/** Sample pictures of a dataset whose items are images; empty for others. */
export function sampleImages(dataset: Dataset): SampleImage[] {
  for (const column of dataset.table.columns.values()) {
    const pictureOf = pictures(column);
    if (pictureOf === undefined) continue;
    return splitNames.flatMap((split) => {
      const rows = dataset.splits[split];
      const count = Math.min(perSplit, rows.length);
      return Array.from({ length: count }, (_, index) => {
        const row = rows[Math.floor((index * rows.length) / count)]!;
        return { ...pictureOf(row), split, label: labelOf(dataset, row) };
      });
    });
  }
  return [];
}

/** A function that draws an item; undefined where items are no images. */
function pictures(column: Column): ((row: number) => ReturnType<typeof picture>) | undefined {
  if (column.kind === "pictures") {
    return (row) => {
      const { pixels, ...size } = column.values[row]!;
      return picture(pixels, { ...size, channelsFirst: false });
    };
  }
  const layout = column.kind === "array" ? imageLayout(column.itemShape) : undefined;
  if (column.kind !== "array" || layout === undefined) return undefined;
  const size = layout.height * layout.width * layout.channels;
  return (row) => picture(column.values.subarray(row * size, (row + 1) * size), layout);
}

function imageLayout(shape: readonly number[]): Layout | undefined {
  const [one = 0, two = 0, three] = shape;
  if (shape.length === 2 && one >= 4 && two >= 4) {
    return { height: one, width: two, channels: 1, channelsFirst: false };
  }
  if (shape.length !== 3 || three === undefined) return undefined;
  if ((three === 1 || three === 3) && one >= 4 && two >= 4) {
    return { height: one, width: two, channels: three, channelsFirst: false };
  }
  if ((one === 1 || one === 3) && two >= 4 && three >= 4) {
    return { height: two, width: three, channels: one, channelsFirst: true };
  }
  return undefined;
}

function picture(item: ArrayColumn["values"], layout: Layout) {
  const { height, width, channels, channelsFirst } = layout;
  const [low, high] = item instanceof Uint8Array ? [0, 255] : bounds(item);
  const block = Math.ceil(Math.max(height, width) / maxSide);
  const [rows, columns] = [Math.ceil(height / block), Math.ceil(width / block)];
  const pixels = new Uint8Array(rows * columns * channels);
  const at = (y: number, x: number, channel: number) =>
    item[channelsFirst ? (channel * height + y) * width + x : (y * width + x) * channels + channel]!;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      for (let channel = 0; channel < channels; channel++) {
        let total = 0;
        let count = 0;
        for (let dy = y * block; dy < Math.min(height, (y + 1) * block); dy++) {
          for (let dx = x * block; dx < Math.min(width, (x + 1) * block); dx++) {
            total += at(dy, dx, channel);
            count++;
          }
        }
        const grey = high > low ? ((total / count - low) / (high - low)) * 255 : 0;
        pixels[(y * columns + x) * channels + channel] = Math.round(grey);
      }
    }
  }
  return { width: columns, height: rows, channels, pixels: base64(pixels) };
}

/** Values of other types than bytes are stretched to the item's own range. */
function bounds(values: ArrayLike<number>): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function labelOf(dataset: Dataset, row: number): string | undefined {
  const { labels } = dataset;
  if (labels === undefined) return undefined;
  return labels.kind === "class" ? labels.names[labels.values[row]!] : String(labels.values[row]);
}
