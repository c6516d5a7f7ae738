import { EngineError } from "#engine/error.ts";

/** A file may have many small chunks of text beside the sound; more than this is no recording. */
const maxChunks = 10_000;
const maxChannels = 64;

const pcm = 1;
const float = 3;
const extensible = 0xfffe;

export interface Wav {
  /** Frames per second. */
  readonly rate: number;
  readonly channels: number;
  readonly frames: number;
  /** Channels of a frame side by side, in −1 to 1. */
  readonly samples: Float32Array;
}

interface Format {
  readonly tag: number;
  readonly channels: number;
  readonly rate: number;
  readonly bits: number;
}

/**
 * Reads a WAV file: PCM of 8 (unsigned), 16, 24 and 32 bits, and floats of 32 and 64 bits. Integers become
 * value / 2^(bits − 1), in −1 to just below 1 ("Multimedia Programming Interface and Data Specifications 1.0", IBM and
 * Microsoft 1991, and Microsoft's "Multiple channel audio data and WAVE files" for the extensible form).
 *
 * @throws EngineError "unsupported" for compressed sound, else "truncated", "malformed" or "data-mismatch"
 */
export function readWav(bytes: Uint8Array, file: string): Wav {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: Format | undefined;
  for (let at = 12, chunks = 0; at + 8 <= bytes.length; chunks++) {
    if (chunks > maxChunks) throw new EngineError("limit-exceeded", "The file has too many chunks", file);
    const name = String.fromCharCode(...bytes.subarray(at, at + 4));
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    if (start + size > bytes.length) {
      throw new EngineError(
        "truncated",
        `The chunk "${name.replace(/[^\x20-\x7e]/g, "?")}" promises ${size} bytes; ${bytes.length - start} follow`,
        file,
      );
    }
    if (name === "fmt ") format = readFormat(view, start, size, file);
    if (name === "data") {
      if (format === undefined) throw new EngineError("malformed", "The sound comes before its format", file);
      return readSamples(view, start, size, format, file);
    }
    // Chunks begin at even offsets.
    at = start + size + (size % 2);
  }
  throw new EngineError("truncated", "The file has no sound in it", file);
}

function readFormat(view: DataView, start: number, size: number, file: string): Format {
  if (size < 16) throw new EngineError("malformed", `The format takes ${size} bytes, it needs 16`, file);
  const given = view.getUint16(start, true);
  if (given === extensible && size < 40) {
    throw new EngineError("malformed", `The extensible format takes ${size} bytes, it needs 40`, file);
  }
  // The first two bytes of the sub-format's identifier are the tag.
  const tag = given === extensible ? view.getUint16(start + 24, true) : given;
  const format = {
    tag,
    channels: view.getUint16(start + 2, true),
    rate: view.getUint32(start + 4, true),
    bits: view.getUint16(start + 14, true),
  };
  const isPcm = tag === pcm && [8, 16, 24, 32].includes(format.bits);
  const isFloat = tag === float && [32, 64].includes(format.bits);
  if (!isPcm && !isFloat) {
    throw new EngineError(
      "unsupported",
      `The sound has format ${tag} of ${format.bits} bits; convert it to PCM of 8, 16, 24 or 32 bits or to floats`,
      file,
    );
  }
  if (format.channels < 1 || format.channels > maxChannels || format.rate < 1) {
    throw new EngineError(
      "malformed",
      `The sound has ${format.channels} channels at ${format.rate} Hz`,
      file,
    );
  }
  return format;
}

function readSamples(view: DataView, start: number, size: number, format: Format, file: string): Wav {
  const { tag, channels, rate, bits } = format;
  const width = bits / 8;
  if (size % (width * channels) !== 0) {
    throw new EngineError("malformed", `${size} bytes of sound are no whole number of frames`, file);
  }
  if (size === 0) throw new EngineError("data-mismatch", "The file has no sound in it", file);
  const samples = new Float32Array(size / width);
  const value = sampleReader(view, tag, bits);
  for (let index = 0; index < samples.length; index++) samples[index] = value(start + index * width);
  if (tag === float && !samples.every(Number.isFinite)) {
    throw new EngineError("data-mismatch", "The sound has values that are no finite numbers", file);
  }
  return { rate, channels, frames: samples.length / channels, samples };
}

function sampleReader(view: DataView, tag: number, bits: number): (at: number) => number {
  if (tag === float) {
    return bits === 32 ? (at) => view.getFloat32(at, true) : (at) => view.getFloat64(at, true);
  }
  if (bits === 8) return (at) => (view.getUint8(at) - 128) / 128;
  if (bits === 16) return (at) => view.getInt16(at, true) / 32_768;
  if (bits === 24) return (at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 8_388_608;
  return (at) => view.getInt32(at, true) / 2_147_483_648;
}
