import { z } from "zod";

/** Options of graph simplification: one switch per part, all on, and a bound for what folding may add to the file. */
export const simplifySchema = z.strictObject({
  use: z.literal("simplify"),
  /** What depends on constants alone becomes a constant. */
  fold_constants: z.boolean().default(true),
  /** Nodes, weights, recorded types and local functions that nothing reads go. */
  remove_unused: z.boolean().default(true),
  /** Nodes that hand their input on unchanged go. */
  remove_identities: z.boolean().default(true),
  /** BatchNormalization becomes part of the convolution or matrix product before it. */
  fuse_batch_norm: z.boolean().default(true),
  /** Equal weights and equal computations are kept once. */
  merge_duplicates: z.boolean().default(true),
  /** MatMul and a bias become Gemm; its factors and transpositions go into its constants. */
  canonicalise_gemm: z.boolean().default(true),
  /** Weights that are inputs as well become constants, so that callers can no longer override them. */
  freeze_defaults: z.boolean().default(false),
  /** Bytes by which a new constant may exceed the constants that it replaces; the whole step may add 256 times that (1 MiB). */
  max_folded_bytes: z
    .int()
    .min(0)
    .max(2 ** 30)
    .default(4096),
});

export type SimplifyOptions = z.output<typeof simplifySchema>;
