import { z } from "zod";

/** Operators whose weights can be factorised. Gather (an embedding) becomes Gather and MatMul. */
export const factorizeOpTypes = ["MatMul", "Gemm", "Conv", "Gather"] as const;

/** Options of low-rank factorisation: a weight becomes the product of two smaller ones. */
export const factorizeSvdSchema = z
  .strictObject({
    use: z.literal("factorize.svd"),
    /** The same rank for every layer. */
    rank: z.number().int().min(1).max(65_536).optional(),
    /** Share of the squared singular values that every layer keeps; 0.9 where nothing else is given. */
    energy: z.number().positive().max(1).optional(),
    /** Share of the model's parameters that may stay, allotted to the layers by what a parameter is worth. */
    budget: z.number().positive().lt(1).optional(),
    /** Keeps what matters for the outputs on the calibration data, not for the weights alone. */
    activation_aware: z.boolean().default(false),
    /** Share of the plain error that counts beside the one seen in the data; steadies few or dependent items. */
    damping: z.number().min(0.000_001).max(1).default(0.01),
    op_types: z.array(z.enum(factorizeOpTypes)).min(1).default(["MatMul", "Gemm", "Conv"]),
    /** A layer that saves no more than this share of its parameters is left alone. */
    min_saving: z.number().min(0).lt(1).default(0),
    /** Names of weights or nodes that are left alone. */
    protect: z.array(z.string().min(1).max(1000)).max(100_000).default([]),
  })
  .refine(
    ({ rank, energy, budget }) => [rank, energy, budget].filter((option) => option !== undefined).length <= 1,
    { path: ["rank"], message: "Give only one of rank, energy and budget" },
  );

export type FactorizeSvdOptions = z.output<typeof factorizeSvdSchema>;

export const defaultEnergy = 0.9;
