/** Philox4x32-10 of Salmon and others, "Parallel random numbers: as easy as 1, 2, 3" (2011). */
const [multiplyFirst, multiplySecond] = [0xd2511f53, 0xcd9e8d57];
const [weylFirst, weylSecond] = [0x9e3779b9, 0xbb67ae85];
const rounds = 10;

/** Four random 32-bit numbers that depend on a counter of four and a key of two alone. */
export function philox(counter: readonly number[], key: readonly number[]): Uint32Array {
  const state = Uint32Array.from(counter);
  mix(state, key[0] ?? 0, key[1] ?? 0);
  return state;
}

function mix(state: Uint32Array, first: number, second: number): void {
  let [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = state;
  let [k0, k1] = [first, second];
  for (let round = 0; round < rounds; round++) {
    const high0 = highProduct(c0, multiplyFirst);
    const high1 = highProduct(c2, multiplySecond);
    const [low0, low1] = [Math.imul(c0, multiplyFirst), Math.imul(c2, multiplySecond)];
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0 >>> 0;
    k0 = (k0 + weylFirst) | 0;
    k1 = (k1 + weylSecond) | 0;
  }
  state[0] = c0;
  state[1] = c1;
  state[2] = c2;
  state[3] = c3;
}

/** The upper half of a product of unsigned 32-bit numbers; every part is exact in a float64. */
function highProduct(a: number, b: number): number {
  const low = (a & 0xffff) * b;
  const high = (a >>> 16) * b + Math.floor(low / 0x10000);
  return Math.floor(high / 0x10000);
}

export interface MaskSource {
  readonly seed: number;
  /** Counts the batches of a training. */
  readonly step: number;
  /** Of the layer: each has masks of its own. */
  readonly name: string;
}

/**
 * A mask for Dropout: 0 with the probability `ratio`, else 1 / (1 − ratio).
 *
 * A value depends on seed, step, name and place alone, so that a training goes on after a pause as if there had been
 * none, and no state has to be kept.
 */
export function fillMask(mask: Float32Array, ratio: number, { seed, step, name }: MaskSource): void {
  const kept = 1 / (1 - ratio);
  const bound = ratio * 2 ** 32;
  const [low, high] = [step >>> 0, Math.floor(step / 2 ** 32)];
  const layer = hashOf(name);
  const state = new Uint32Array(4);
  for (let at = 0; at < mask.length; at += 4) {
    state[0] = at / 4;
    state[1] = low;
    state[2] = high;
    state[3] = Math.floor(seed / 2 ** 32);
    mix(state, seed >>> 0, layer);
    for (let lane = 0; lane < 4 && at + lane < mask.length; lane++)
      mask[at + lane] = (state[lane] ?? 0) < bound ? 0 : kept;
  }
}

/** FNV-1a in 32 bits, of the code units. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
