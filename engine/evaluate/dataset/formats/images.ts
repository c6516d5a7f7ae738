import { EngineError } from "#engine/error.ts";
import { type Column, maxRows, type Table } from "../columns.ts";
import type { Manifest } from "../manifest.schema.ts";
import { type Archive, placeOf } from "./archive.ts";
import type { Want } from "./collector.ts";
import { looksLikeJpeg, readJpeg } from "./jpeg.ts";
import { type Picture, withChannels } from "./picture.ts";
import { looksLikePng, readPng } from "./png.ts";

/** Pixels of all pictures together stay in memory, in bytes. */
const maxBytes = 2 ** 31 - 1;

const names = ["image", "class", "split", "file"];

/**
 * Pictures of an archive as a table: `image` holds the pixels, 0 to 255, [height, width, channels]; `class` is the folder
 * that a picture lies in, `split` the split that the folder above names, `file` its path. Pictures of different sizes
 * are kept as they are, for inputs that say how to resize them.
 *
 * @throws EngineError with the path of the picture that cannot be used
 */
export function readImages(archive: Archive, file: string, manifest: Manifest, want: Want): Table {
  want(names);
  const channels = manifest.image?.channels ?? 3;
  const pictures: Picture[] = [];
  let total = 0;
  if (archive.length > maxRows)
    throw new EngineError("limit-exceeded", `A dataset has at most ${maxRows} items`, file);
  for (const { path, read } of archive) {
    const place = `${file}, ${path}`;
    const picture = withChannels(decode(read(), place), channels);
    total += picture.pixels.length;
    if (total > maxBytes) {
      throw new EngineError(
        "limit-exceeded",
        `The pictures have more than ${maxBytes} bytes of pixels; make them smaller before they are packed`,
        place,
      );
    }
    pictures.push(picture);
  }
  const labels = archive.map(({ path }) => placeOf(path));
  const columns = new Map<string, Column>([
    ["image", pixelColumn(pictures)],
    ["class", { kind: "text", values: labels.map(({ label }) => label) }],
    ["split", { kind: "text", values: labels.map(({ split }) => split ?? "") }],
    ["file", { kind: "text", values: archive.map(({ path }) => path) }],
  ]);
  return { names, rows: pictures.length, columns, head: [] };
}

/** By content: names often say the other format. */
function decode(bytes: Uint8Array, place: string): Picture {
  if (looksLikePng(bytes)) return readPng(bytes, place);
  if (looksLikeJpeg(bytes)) return readJpeg(bytes, place);
  throw new EngineError("malformed", "The file is neither PNG nor JPEG, whatever its name says", place);
}

function pixelColumn(pictures: readonly Picture[]): Column {
  const [first] = pictures;
  if (first === undefined) throw new EngineError("data-mismatch", "There are no pictures");
  const { height, width, channels } = first;
  const isEven = pictures.every((picture) => picture.height === height && picture.width === width);
  if (!isEven) return { kind: "pictures", values: pictures };
  const size = first.pixels.length;
  const values = new Uint8Array(size * pictures.length);
  for (const [index, { pixels }] of pictures.entries()) values.set(pixels, index * size);
  return { kind: "array", itemShape: [height, width, channels], values };
}
