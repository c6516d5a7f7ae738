import { decode } from "jpeg-js";
import { EngineError } from "#engine/error.ts";
import { checkSize, maxPixels, type Picture } from "./picture.ts";

const maxMegabytes = 1024;

export function looksLikeJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/**
 * Decodes a JPEG, baseline or progressive, in grey or YCbCr (ITU-T T.81, JFIF). Orientation in EXIF and colour profiles
 * are not applied. Decoders differ by a few steps of 255, most at edges of colours; this one gives the same everywhere.
 *
 * @throws EngineError "unsupported" for CMYK and lossless or arithmetic coding, "malformed" for broken files
 */
export function readJpeg(bytes: Uint8Array, place: string): Picture {
  const { width, height, components } = frameOf(bytes, place);
  checkSize(width, height, place);
  if (components !== 1 && components !== 3) {
    throw new EngineError(
      "unsupported",
      `The JPEG has ${components} colour components, as for print; save it in RGB or grey`,
      place,
    );
  }
  let decoded: { width: number; height: number; data: Uint8Array };
  try {
    decoded = decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      maxResolutionInMP: maxPixels / 1e6,
      maxMemoryUsageInMB: maxMegabytes,
    });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError("malformed", `The JPEG cannot be decoded: ${message}`, place, { cause });
  }
  const count = decoded.width * decoded.height;
  if (decoded.width !== width || decoded.height !== height || decoded.data.length !== 3 * count) {
    throw new EngineError("malformed", "The JPEG's pixels are not those that its header promises", place);
  }
  if (components === 3) return { width, height, channels: 3, pixels: decoded.data };
  // The decoder repeats grey in three channels.
  const pixels = Uint8Array.from({ length: count }, (_, index) => decoded.data[3 * index]!);
  return { width, height, channels: 1, pixels };
}

/** Size and components from the frame header: markers SOF0 to SOF15, but for DHT, JPG and DAC among them. */
function frameOf(bytes: Uint8Array, place: string): { width: number; height: number; components: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) throw new EngineError("malformed", "The JPEG's markers are broken", place);
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame && at + 10 <= bytes.length) {
      if (marker > 0xc2) {
        throw new EngineError(
          "unsupported",
          "The JPEG is lossless or arithmetic; save it as baseline",
          place,
        );
      }
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7), components: bytes[at + 9]! };
    }
    at += 2 + view.getUint16(at + 2);
  }
  throw new EngineError("truncated", "The JPEG ends before its picture", place);
}
