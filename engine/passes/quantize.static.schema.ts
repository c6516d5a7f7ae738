import { z } from "zod";

/** Operators that static quantisation covers, in one format or both. */
export const staticOpTypes = [
  "Add",
  "ArgMax",
  "AveragePool",
  "BatchNormalization",
  "Clip",
  "Concat",
  "Conv",
  "ConvTranspose",
  "CumSum",
  "Gather",
  "GatherElements",
  "Gemm",
  "GlobalAveragePool",
  "InstanceNormalization",
  "LayerNormalization",
  "LeakyRelu",
  "MatMul",
  "MaxPool",
  "Mul",
  "Pad",
  "Relu",
  "Reshape",
  "Resize",
  "Sigmoid",
  "Slice",
  "Softmax",
  "Split",
  "Squeeze",
  "TopK",
  "Transpose",
  "Unsqueeze",
  "Where",
] as const;

const nodeNames = z.array(z.string().min(1).max(1000)).max(100_000).default([]);

/** Options of static quantisation: int8 weights and activations, ranges learned from calibration data. */
export const quantizeStaticSchema = z.strictObject({
  use: z.literal("quantize.static"),
  /** Pairs of QuantizeLinear and DequantizeLinear, which runtimes fuse, or integer operators written out. */
  format: z.enum(["qdq", "qoperator"]).default("qdq"),
  activation_type: z.enum(["uint8", "int8"]).default("uint8"),
  /**
   * Weights are int8 whatever stands here per channel, as kernels take one zero point for all channels, and with int8
   * activations, as there are no kernels for the mixture.
   */
  weight_type: z.enum(["int8", "uint8"]).default("int8"),
  /** One scale per output channel of a weight instead of one per tensor. */
  per_channel: z.boolean().default(true),
  /** Weights in 7 bits, for processors without VNNI whose 16-bit sums saturate. */
  reduce_range: z.boolean().default(false),
  /** Zero in the middle of the integers of every activation; Relu and Clip then stay. */
  symmetric_activations: z.boolean().default(false),
  /** Keeps Relu and Clip even where the quantised range clips by itself. */
  keep_activations: z.boolean().default(false),
  /** How the range of an activation follows from the values seen. */
  calibration: z.enum(["minmax", "moving-average", "percentile", "entropy"]).default("minmax"),
  /**
   * MinMax and moving average: widen ranges to ±the larger side. Percentile: cut by magnitude, both sides alike.
   * Where absent, as ONNX Runtime has it: for percentile only.
   */
  symmetric_ranges: z.boolean().optional(),
  /** Share of the values that the range holds, for percentile. */
  percentile: z.number().min(50).max(100).default(99.999),
  /** Bins of the histogram, for percentile and entropy. */
  bins: z.int().min(128).max(8192).default(2048),
  /** Steps that entropy compares with. */
  quantized_bins: z.int().min(16).max(1024).default(128),
  /** Calibration items that are looked at. */
  samples: z.int().min(1).max(100_000).default(300),
  /** Moves what makes activations hard to quantise into the weights of MatMul and Gemm (SmoothQuant). */
  smooth_quant: z.boolean().default(false),
  /** How much of it moves, for smooth_quant: 0 leaves all in the activations, 1 moves all into the weights. */
  smooth_alpha: z.number().min(0).max(1).default(0.5),
  /** Gives the channels of layers that follow one another weights of like size (cross-layer equalisation). */
  equalize: z.boolean().default(false),
  /** Adds to biases what the rounding of weights takes from the mean of each channel. */
  bias_correction: z.boolean().default(false),
  op_types: z
    .array(z.enum(staticOpTypes))
    .min(1)
    .default([...staticOpTypes]),
  /** Where not empty, only these nodes are quantised. */
  nodes_to_include: nodeNames,
  nodes_to_exclude: nodeNames,
});

export type QuantizeStaticOptions = z.output<typeof quantizeStaticSchema>;
