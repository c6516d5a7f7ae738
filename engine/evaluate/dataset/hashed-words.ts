import type { ManifestInput } from "./manifest.schema.ts";
import { murmur3 } from "./murmur3.ts";
import { words } from "./words.ts";

/**
 * The encoder of `encode: hash`: text → `length` sums over its words. A word with the signed 32-bit MurmurHash3 h of its
 * UTF-8 bytes adds 1 at |h| mod length, or −1 where h is negative, so that words which share a place cancel in the mean
 * (Weinberger, Dasgupta, Langford, Smola and Attenberg, "Feature Hashing for Large Scale Multitask Learning", ICML 2009;
 * place and sign as in scikit-learn's FeatureHasher).
 */
export function hashEncoder(input: ManifestInput): (text: string, target: Float64Array) => void {
  const encoder = new TextEncoder();
  return (text, target) => {
    target.fill(0);
    for (const word of words(text, input.lowercase)) {
      const hash = murmur3(encoder.encode(word)) | 0;
      target[Math.abs(hash) % target.length]! += hash < 0 ? -1 : 1;
    }
  };
}
