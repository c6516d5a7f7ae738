import { z } from "zod";

export const dynamicOpTypes = ["MatMul", "Gemm", "Gather", "LSTM", "Conv", "Attention", "Transpose"] as const;

const nodeNames = z.array(z.string().min(1).max(1000)).max(100_000).default([]);

/** Options of dynamic quantisation: int8 weights, activations quantised while the model runs. */
export const quantizeDynamicSchema = z.strictObject({
  use: z.literal("quantize.dynamic"),
  op_types: z.array(z.enum(dynamicOpTypes)).min(1).default(["MatMul", "Gemm", "Gather", "LSTM"]),
  /** One scale per output column of MatMul and Gemm and per gate row of LSTM, instead of one per tensor. */
  per_channel: z.boolean().default(false),
  /** Weights in 7 bits, for processors without VNNI whose 16-bit sums saturate. */
  reduce_range: z.boolean().default(false),
  /** Type of MatMul, Gemm, Conv and Attention weights. Gather tables are always uint8, LSTM weights always int8. */
  weight_type: z.enum(["int8", "uint8"]).default("int8"),
  /** Where not empty, only these nodes are quantised. */
  nodes_to_include: nodeNames,
  nodes_to_exclude: nodeNames,
});

export type QuantizeDynamicOptions = z.output<typeof quantizeDynamicSchema>;
