/**
 * Constants of the deep form, version 1: how a `.parsimony` file holds an ONNX file. The format is described byte by
 * byte in `docs/engine/deep-form.md`; a number that is changed here needs a new version there.
 */

/** 0x89 is of no text encoding's start, so that no text file can be taken for one; then "PSM". */
export const magic = Uint8Array.of(0x89, 0x50, 0x53, 0x4d);
export const version = 1;

/** How the elements of a part are stored. */
export const codings = { raw: 0, planes: 1, codebook: 2, sparse: 3, deflate: 4 } as const;
export type Coding = (typeof codings)[keyof typeof codings];

/** How a byte of the elements, or the gaps between non-zero elements, are stored. */
export const planeModes = { raw: 0, huffman: 1 } as const;
export const gapModes = { fixed: 0, huffman: 1 } as const;

/** Widths of an element in bits; a part names one by its place in this list. */
export const elementWidths = [2, 4, 8, 16, 32, 64] as const;
export type ElementBits = (typeof elementWidths)[number];

/** Longest code word. 20 bits cost nothing measurable against unlimited ones and keep reading within 32 bits. */
export const maxCodeBits = 20;

/** Entries of a codebook, and with it symbols of a code: more would cost more than they save. */
export const maxSymbols = 2 ** 16;

/** Runs of bytes of the model that are stored in parts: an object each for whoever reads. */
export const maxRanges = 2 ** 18;

/** Fixed widths of a gap in bits. */
export const maxGapBits = 16;

/** Gaps below 2^split are symbols of their own; the split is at least `gapMantissaBits`. */
export const maxGapSplit = 8;
/** Bits below the leading one that belong to the symbol of a larger gap; the rest follows as it is. */
export const gapMantissaBits = 2;

/**
 * A file may become at most `freeBytes` + `expansion` times its own size: a hostile file of a few bytes cannot ask for
 * gigabytes. The writer pads a file that is even smaller, as that of a model of zeros may be.
 */
export const freeBytes = 2 ** 22;
export const expansion = 256;

export function largestContent(fileBytes: number): number {
  return freeBytes + expansion * fileBytes;
}

/** True where the bytes start as a deep form of any version does. */
export function isDeepForm(bytes: Uint8Array): boolean {
  return magic.every((byte, at) => bytes[at] === byte);
}
