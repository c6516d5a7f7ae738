import { z } from "zod";

export const blockwiseOpTypes = ["MatMul", "Gemm", "Gather"] as const;

/** Powers of two that ONNX Runtime's kernels take. */
export const blockSizes = [16, 32, 64, 128, 256] as const;

const nodeNames = z.array(z.string().min(1).max(1000)).max(100_000).default([]);

/** Options of block-wise quantisation: weights in 4 or 8 bits with a scale for every block, activations in float. */
export const quantizeBlockwiseSchema = z
  .strictObject({
    use: z.literal("quantize.blockwise"),
    op_types: z
      .array(z.enum(blockwiseOpTypes))
      .min(1)
      .default([...blockwiseOpTypes]),
    bits: z.union([z.literal(4), z.literal(8)]).default(4),
    /** Consecutive weights of a column (MatMul) or a row (table) that share a scale. */
    block_size: z
      .union([z.literal(16), z.literal(32), z.literal(64), z.literal(128), z.literal(256)])
      .default(128),
    /** Zero is the middle of the range; otherwise every block has a zero point of its own. HQQ has float zero points. */
    symmetric: z.boolean().default(true),
    /**
     * "rtn" rounds to nearest. "hqq" moves the zero points to where the error is small, without data; 4 bits only.
     * "gptq" makes good the error of each input by those after it, and needs calibration data. Embedding tables are
     * always rounded to nearest.
     */
    algorithm: z.enum(["rtn", "hqq", "gptq"]).default("rtn"),
    /** Type that MatMulNBits computes in: 0 the runtime's choice, 1 float32, 2 float16, 3 bfloat16, 4 int8. */
    accuracy_level: z.int().min(0).max(4).default(4),
    /** Where not empty, only these nodes are quantised. */
    nodes_to_include: nodeNames,
    nodes_to_exclude: nodeNames,
  })
  .refine((step) => step.algorithm !== "hqq" || step.bits === 4, {
    path: ["bits"],
    message: "HQQ has zero points in float, which ONNX Runtime executes with 4 bits only",
  });

export type QuantizeBlockwiseOptions = z.output<typeof quantizeBlockwiseSchema>;
