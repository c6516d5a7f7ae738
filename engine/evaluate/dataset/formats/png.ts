import { convertIndexedToRgb, decode } from "fast-png";
import { EngineError } from "#engine/error.ts";
import { checkSize, type Picture } from "./picture.ts";
import { essentialPng } from "./png-chunks.ts";

export function looksLikePng(bytes: Uint8Array): boolean {
  return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, index) => bytes[index] === byte);
}

/**
 * Decodes a PNG of any bit depth and colour type. 16 bits become 8 by value · 255 / 65535, rounded; 1, 2 and 4 bits of
 * grey are spread over 0 to 255. Colour profiles and gamma are not applied.
 *
 * @throws EngineError "unsupported" for pictures with transparent pixels, whose colour would have to be made up
 */
export function readPng(bytes: Uint8Array, place: string): Picture {
  const essential = essentialPng(bytes, place, ({ width, height }) => checkSize(width, height, place));
  let png: ReturnType<typeof decode>;
  try {
    png = decode(essential, { checkCrc: true });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError("malformed", `The PNG cannot be decoded: ${message}`, place, { cause });
  }
  if (png.palette !== undefined) return fromPalette(png, place);
  const { width, height, channels, depth } = png;
  if (png.transparency !== undefined) throw transparent(place);
  const isOpaque = channels === 2 || channels === 4;
  const colours = channels === 1 || channels === 2 ? 1 : 3;
  const count = width * height;
  const values = spread(png.data, width, height, channels, depth);
  if (values.length < count * channels) throw new EngineError("truncated", "The PNG lacks pixels", place);
  const pixels = new Uint8Array(count * colours);
  const top = depth === 16 ? 65_535 : depth >= 8 ? 255 : 2 ** depth - 1;
  for (let index = 0; index < count; index++) {
    const from = index * channels;
    if (isOpaque && values[from + channels - 1] !== top) throw transparent(place);
    for (let channel = 0; channel < colours; channel++) {
      const value = values[from + channel]!;
      pixels[index * colours + channel] = top === 255 ? value : Math.round((value * 255) / top);
    }
  }
  return { width, height, channels: colours, pixels };
}

/** Grey of fewer than 8 bits comes packed, several pixels in a byte, and each row begins with a new one. */
function spread(data: ArrayLike<number>, width: number, height: number, channels: number, depth: number) {
  if (depth >= 8) return data;
  const perRow = Math.ceil((width * channels * depth) / 8);
  const values = new Uint8Array(width * height * channels);
  const perByte = 8 / depth;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width * channels; x++) {
      const byte = data[y * perRow + Math.floor(x / perByte)] ?? 0;
      values[y * width * channels + x] = (byte >> (8 - depth * ((x % perByte) + 1))) & (2 ** depth - 1);
    }
  }
  return values;
}

function fromPalette(png: ReturnType<typeof decode>, place: string): Picture {
  const { width, height } = png;
  let values: Uint8Array;
  try {
    values = convertIndexedToRgb(png);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError("malformed", `The PNG cannot be decoded: ${message}`, place, { cause });
  }
  const channels = values.length / (width * height);
  if (channels === 3) return { width, height, channels: 3, pixels: values };
  const pixels = new Uint8Array(3 * width * height);
  for (let index = 0; index < width * height; index++) {
    if (values[4 * index + 3] !== 255) throw transparent(place);
    pixels.set(values.subarray(4 * index, 4 * index + 3), 3 * index);
  }
  return { width, height, channels: 3, pixels };
}

function transparent(place: string): EngineError {
  return new EngineError(
    "unsupported",
    "The picture has transparent pixels, whose colour depends on what lies behind; save it without transparency",
    place,
  );
}
