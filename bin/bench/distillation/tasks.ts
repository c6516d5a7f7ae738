import type { z } from "zod";
import type { Dataset } from "#engine/evaluate/dataset/dataset.ts";
import type { StepInput } from "#engine/passes/step.schema.ts";
import type { architectureSchema } from "#engine/train/catalogue/architecture.schema.ts";
import { digits, opinions, ratingsData, vocabularySize, words } from "./data.ts";

type Network = z.input<typeof architectureSchema>;
/** Options that finetune and distill share. */
type Training = Omit<Extract<StepInput, { use: "train.finetune" }>, "use">;

/** A task on which students are trained with and without a teacher. */
export interface Task {
  readonly name: string;
  readonly data: string;
  /** Undefined where the files are not there. */
  readonly open: () => Dataset | undefined;
  readonly teacher: { readonly network: Network; readonly training: Training };
  /** A new network, or what a step leaves of the teacher. */
  readonly student: ({ readonly network: Network } | { readonly step: StepInput }) & {
    readonly training: Training;
  };
  /** What counts on the test split; an error is better where it is smaller. */
  readonly metric: "accuracy" | "root mean square error";
}

const images = { epochs: 10, batch_size: 64, learning_rate: 0.001 };
const texts = { epochs: 20, batch_size: 32, learning_rate: 0.003 };
const stars = {
  epochs: 12,
  batch_size: 256,
  learning_rate: 0.01,
  weight_decay: 0.05,
  optimizer: "adamw",
} as const;

export const tasks: readonly Task[] = [
  {
    name: "digits",
    data: "MNIST: the first 6,000 training images, the 2,000 after them to tune, all 10,000 test images",
    open: digits,
    teacher: {
      network: { kind: "lenet-5", input: [1, 28, 28], outputs: 10 },
      training: { ...images, shift: 1 },
    },
    student: {
      network: { kind: "mlp", input: [1, 28, 28], hidden: [32], outputs: 10 },
      training: { ...images, epochs: 20 },
    },
    metric: "accuracy",
  },
  {
    name: "digits, pruned",
    data: "the same images; the student is what structured pruning leaves of the teacher: a tenth of its channels and units",
    open: digits,
    teacher: {
      network: { kind: "lenet-5", input: [1, 28, 28], outputs: 10 },
      training: { ...images, shift: 1 },
    },
    student: { step: { use: "prune.structured", ratio: 0.9 }, training: images },
    metric: "accuracy",
  },
  {
    name: "opinions",
    data: "sentences of film reviews (UCI, from IMDB), good or bad: 600 to train, 150 to tune, 250 to test; words of the training sentences",
    open: opinions,
    teacher: {
      network: { kind: "text-cnn", vocabulary: vocabularySize, length: words, outputs: 2 },
      training: texts,
    },
    student: {
      network: {
        kind: "text-cnn",
        vocabulary: vocabularySize,
        length: words,
        outputs: 2,
        width: 8,
        filters: 8,
        kernels: [3],
      },
      training: texts,
    },
    metric: "accuracy",
  },
  {
    name: "ratings",
    data: "ratings of 700 items by 1,000 users that the demo generates: 80,000 to train, 8,000 to tune, 12,000 to test",
    open: ratingsData,
    teacher: {
      network: { kind: "matrix-factorization", users: 1000, items: 700, width: 32 },
      training: stars,
    },
    student: {
      network: { kind: "matrix-factorization", users: 1000, items: 700, width: 4 },
      training: stars,
    },
    metric: "root mean square error",
  },
];
