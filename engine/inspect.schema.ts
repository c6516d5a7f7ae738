import { z } from "zod";
import { untrainedSchema } from "./inspect/untrained.schema.ts";

const count = z.number().int().nonnegative();

/** A dimension: a number, the name of a symbol, or null where nothing is known. */
const dimension = z.union([count, z.string(), z.null()]);

const value = z.object({
  name: z.string(),
  /** Element type of a tensor; for other types such as `sequence(float32)`. */
  dtype: z.string(),
  /** Null where even the rank is unknown. */
  shape: z.array(dimension).nullable(),
});

const quantizationKinds = [
  "none",
  "float16",
  "bfloat16",
  "dynamic",
  "static-qdq",
  "static-qoperator",
  "weights-qdq",
  "weights-nbits",
] as const;

/** What `inspectModel` tells of a model; the command line prints exactly this. */
export const inspectionSchema = z.object({
  format: z.literal("onnx"),
  /** Version of the default operator set; null where the model imports none. */
  opset: count.nullable(),
  inputs: z.array(value),
  outputs: z.array(value),
  /** Nodes per operator, in every graph and local function of the file. */
  operators: z.record(z.string(), count),
  /** Stored weights: see `inspectModel` for what counts. */
  parameters: count,
  /** Of the file, external data included. */
  bytes: count,
  /** Of the deep form of the file, external data included; absent where it was not made. */
  encodedBytes: count.optional(),
  /** Multiply-accumulates of one run; null where none of the operators that count could be counted. */
  macs: count.nullable(),
  initializers: z.array(
    z.object({ name: z.string(), dtype: z.string(), shape: z.array(count), bytes: count }),
  ),
  /** Parameters that are exactly zero, as a fraction of those looked at; 0 where there are none. */
  sparsity: z.number().min(0).max(1),
  zeros: count,
  irVersion: count.nullable(),
  opsets: z.record(z.string(), count),
  producer: z.object({ name: z.string(), version: z.string() }),
  quantization: z.enum(quantizationKinds),
  functions: z.array(z.object({ domain: z.string(), name: z.string(), nodes: count })),
  /** Sizes that symbolic input dimensions were given for counting MACs. */
  macsAssumed: z.array(z.object({ input: z.string(), axis: count, dim: z.string(), size: count })),
  macsLeftOut: z.array(z.object({ node: z.string(), reason: z.string() })),
  /** All of them; the list above ends at 100. */
  macsLeftOutCount: count,
  externalFiles: z.array(z.string()),
  warnings: z.array(z.string()),
  /** What the weights were drawn from, of a model that nothing has trained yet. */
  untrained: untrainedSchema.optional(),
});

export type Inspection = z.output<typeof inspectionSchema>;
export type QuantizationKind = (typeof quantizationKinds)[number];
