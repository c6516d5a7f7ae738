import { z } from "zod";
import { maxCalls } from "../artifact/limits.ts";

const record = z.record(z.string(), z.unknown());
const name = z.string().max(2000);

/** One layer as Keras writes it; functional models have `inbound_nodes`. */
export const layerJson = z.object({
  class_name: name,
  name: name.nullish(),
  config: record.nullish(),
  inbound_nodes: z.array(z.unknown()).max(maxCalls).nullish(),
});

/** Keras before 2.2.3 wrote the layers of a Sequential model as a plain list. */
export const sequentialJson = z.union([
  z
    .array(layerJson)
    .max(maxCalls)
    .transform((layers) => ({ name: null, layers, build_input_shape: null })),
  z.object({
    name: name.nullish(),
    layers: z.array(layerJson).max(maxCalls),
    build_input_shape: z.array(z.number().nullable()).nullish(),
  }),
]);

export const functionalJson = z.object({
  name: name.nullish(),
  layers: z.array(layerJson).max(maxCalls),
  input_layers: z.unknown(),
  output_layers: z.unknown(),
});

/** A model: the topology itself, or its `model_config`. */
export const modelClass = z.object({ class_name: name, config: z.union([record, z.array(z.unknown())]) });

/** A value of Keras 3 among the arguments of a call. */
export const kerasTensor = z.object({
  class_name: z.literal("__keras_tensor__"),
  config: z.object({ keras_history: z.tuple([name, z.int().min(0), z.int().min(0)]) }),
});

export const reference = z.tuple([name, z.int().min(0), z.int().min(0)]).rest(z.unknown());

export type LayerJson = z.infer<typeof layerJson>;
