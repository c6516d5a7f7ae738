import { gunzipSync } from "node:zlib";
import { EngineError } from "#engine/error.ts";

export interface GunzipLimits {
  /** Bytes that may come out. */
  readonly maxBytes: number;
  /** Output bytes per input byte; real data stays below 100, a bomb of zeros reaches 1000. */
  readonly maxRatio: number;
}

/** Room for large image sets, and a ratio that sparse images (MNIST: 5 to 13) are far below. */
export const defaultGunzipLimits: GunzipLimits = { maxBytes: 2 ** 31 - 1, maxRatio: 250 };

/** Small files may be repetitive without harm, so the ratio counts beyond this. */
const harmlessBytes = 1 << 20;

export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Undoes gzip within limits; the output never grows beyond them in memory.
 *
 * @throws EngineError "limit-exceeded", or "truncated" and "malformed" for broken files
 */
export function gunzip(
  bytes: Uint8Array,
  place: string,
  limits: GunzipLimits = defaultGunzipLimits,
): Uint8Array {
  const byRatio = Math.max(harmlessBytes, bytes.length * limits.maxRatio);
  const maxOutputLength = Math.min(limits.maxBytes, byRatio);
  try {
    return gunzipSync(bytes, { maxOutputLength });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "ERR_BUFFER_TOO_LARGE") {
      const message = `The file unpacks to more than ${maxOutputLength} bytes (${bytes.length} packed)`;
      throw new EngineError("limit-exceeded", message, place, { cause });
    }
    if (code === "Z_BUF_ERROR") {
      throw new EngineError("truncated", "The gzip file ends early", place, { cause });
    }
    throw new EngineError("malformed", "The file is not valid gzip", place, { cause });
  }
}
