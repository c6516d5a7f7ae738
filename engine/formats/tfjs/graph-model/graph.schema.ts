import { z } from "zod";
import { maxCalls } from "../artifact/limits.ts";

const name = z.string().max(2000);
const record = z.record(z.string(), z.unknown());

/** A node of a GraphDef as JSON (TensorFlow, `node_def.proto`). */
const nodeJson = z.object({
  name,
  op: z.string().max(200),
  input: z.array(name).max(maxCalls).nullish(),
  attr: record.nullish(),
});

export const graphJson = z.object({ node: z.array(nodeJson).max(maxCalls) });

/** int64 comes as text. */
export const integer = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d{1,15}$/)
    .transform(Number),
]);

export const shapeJson = z.object({
  dim: z
    .array(z.object({ size: integer.nullish() }))
    .max(8)
    .nullish(),
  unknownRank: z.boolean().nullish(),
});

const entry = z.object({
  name: name.nullish(),
  dtype: z.unknown().optional(),
  tensorShape: shapeJson.nullish(),
});

/** What the model calls its inputs and outputs (TensorFlow, `SignatureDef`). */
export const signatureJson = z.object({
  inputs: z.record(z.string(), entry).nullish(),
  outputs: z.record(z.string(), entry).nullish(),
});

export type NodeJson = z.infer<typeof nodeJson>;
export type ShapeJson = z.infer<typeof shapeJson>;
