import { z } from "zod";
import { maxEntries, maxRank } from "./limits.ts";

const quantization = z.object({
  dtype: z.enum(["uint8", "uint16", "float16"]),
  scale: z.number().optional(),
  min: z.number().optional(),
});

const weightSpec = z.object({
  name: z.string().max(2000),
  shape: z
    .array(
      z
        .int()
        .min(0)
        .max(2 ** 31 - 1),
    )
    .max(maxRank),
  dtype: z.enum(["float32", "int32", "bool", "string", "complex64"]),
  quantization: quantization.nullish(),
});

/** What a `model.json` of TensorFlow.js has, beyond the topology of its kind (tfjs-core, `io/types.ts`). */
export const modelJson = z.object({
  format: z.string().nullish(),
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z
    .array(
      z.object({
        paths: z.array(z.string().max(2000)).max(maxEntries),
        weights: z.array(weightSpec).max(maxEntries),
      }),
    )
    .max(maxEntries)
    .nullish(),
  signature: z.unknown().optional(),
  userDefinedMetadata: z.unknown().optional(),
});

export type ModelJson = z.infer<typeof modelJson>;
export type WeightSpec = z.infer<typeof weightSpec>;
