import { z } from "zod";

/** What a training makes small. */
export const lossSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    /** Classes, from logits or probabilities that a Softmax makes of them. */
    kind: z.literal("cross-entropy"),
    /** Share of each target that is spread over all classes. */
    label_smoothing: z.number().min(0).lt(1).default(0),
  }),
  /** Classes of the tokens whose label is not negative. */
  z.strictObject({ kind: z.literal("masked-cross-entropy") }),
  z.strictObject({ kind: z.literal("mse") }),
  z.strictObject({ kind: z.literal("huber"), delta: z.number().gt(0).default(1) }),
  /** Yes or no, from logits or probabilities that a Sigmoid makes of them. */
  z.strictObject({ kind: z.literal("binary-cross-entropy") }),
  /** Pairs of an item that was chosen and one that was not: the two halves of a batch. */
  z.strictObject({ kind: z.literal("bpr") }),
]);

export type LossOptions = z.infer<typeof lossSchema>;
