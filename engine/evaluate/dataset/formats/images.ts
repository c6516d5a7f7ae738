import { EngineError } from "#engine/error.ts";
import { type Column, maxRows, type Table } from "../columns.ts";
import type { Manifest } from "../manifest.schema.ts";
import { resolveColumns } from "../resolve.ts";
import { type Archive, placeOf } from "./archive.ts";
import type { Want } from "./collector.ts";
import { looksLikeJpeg, readJpeg } from "./jpeg.ts";
import { type Picture, withChannels } from "./picture.ts";
import { PixelStore } from "./pixel-store.ts";
import { looksLikePng, readPng } from "./png.ts";

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
  checkLayout(manifest);
  const channels = manifest.image?.channels ?? 3;
  if (archive.length > maxRows)
    throw new EngineError("limit-exceeded", `A dataset has at most ${maxRows} items`, file);
  const pixels = new PixelStore(archive.length);
  for (const { path, read } of archive) {
    const place = `${file}, ${path}`;
    pixels.add(withChannels(decode(read(), place), channels), place);
  }
  const labels = archive.map(({ path }) => placeOf(path));
  const columns = new Map<string, Column>([
    ["image", pixels.column()],
    ["class", { kind: "text", values: labels.map(({ label }) => label) }],
    ["split", { kind: "text", values: labels.map(({ split }) => split ?? "") }],
    ["file", { kind: "text", values: archive.map(({ path }) => path) }],
  ]);
  return { names, rows: archive.length, columns, head: [] };
}

/** A wrong layout would take rows for channels, without anybody noticing. */
function checkLayout({ inputs }: Manifest): void {
  for (const { from, to, layout } of inputs) {
    if (layout !== "NCHW" || !resolveColumns(from, names, "").includes("image")) continue;
    throw new EngineError(
      "data-mismatch",
      "Pictures of an archive have their channels last: say `layout: NHWC`; a model that takes them first gets them first",
      `input ${JSON.stringify(to)}`,
    );
  }
}

/** By content: names often say the other format. */
function decode(bytes: Uint8Array, place: string): Picture {
  if (looksLikePng(bytes)) return readPng(bytes, place);
  if (looksLikeJpeg(bytes)) return readJpeg(bytes, place);
  throw new EngineError("malformed", "The file is neither PNG nor JPEG, whatever its name says", place);
}
