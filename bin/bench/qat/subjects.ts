import type { Dataset } from "#engine/evaluate/dataset/dataset.ts";
import type { StepInput } from "#engine/passes/step.schema.ts";
import { type Architecture, architectureSchema } from "#engine/train/catalogue/architecture.schema.ts";
import { mnistSubset, ratings, sentiment } from "./data.ts";

type Training = Omit<Extract<StepInput, { use: "train.finetune" }>, "use">;

/** A network and the data that it is trained on. */
export interface QatSubject {
  readonly name: string;
  readonly about: string;
  readonly metric: "accuracy" | "error";
  /** Undefined where the shared data is absent. */
  make(seed: number): { readonly dataset: Dataset; readonly spec: Architecture } | undefined;
  /** In float32, from random weights. */
  readonly training: Training;
  /** What differs from the defaults of train.qat. */
  readonly qat: Omit<Extract<StepInput, { use: "train.qat" }>, "use">;
}

const images = "MNIST, 5,000 images to train on, 1,000 to tune on, all 10,000 to test";

function ofImages(spec: object): QatSubject["make"] {
  return () => {
    const dataset = mnistSubset();
    return (
      dataset && { dataset, spec: architectureSchema.parse({ input: [1, 28, 28], outputs: 10, ...spec }) }
    );
  };
}

export const subjects: readonly QatSubject[] = [
  {
    name: "lenet-5",
    about: `LeNet-5, 431,080 weights; ${images}`,
    metric: "accuracy",
    make: ofImages({ kind: "lenet-5" }),
    training: { epochs: 4 },
    qat: { epochs: 3 },
  },
  {
    name: "mobilenet",
    about: `depthwise separable convolutions, 4 blocks from 8 channels; ${images}`,
    metric: "accuracy",
    make: ofImages({ kind: "mobilenet", width: 8, blocks: 4 }),
    training: { epochs: 8, learning_rate: 0.005 },
    qat: { epochs: 5 },
  },
  {
    name: "transformer",
    about:
      "one layer of width 32 over 24 words; 1,000 sentences on films: 600 to train on, 150 to tune on, 250 to test, cut anew for each seed",
    metric: "accuracy",
    make: (seed) => {
      const made = sentiment(seed);
      const shape = { kind: "transformer", length: 24, outputs: 2, width: 32, heads: 2, layers: 1 };
      return (
        made && {
          dataset: made.dataset,
          spec: architectureSchema.parse({ ...shape, vocabulary: made.vocabulary }),
        }
      );
    },
    training: { epochs: 8, batch_size: 32 },
    qat: { epochs: 5, batch_size: 32 },
  },
  {
    name: "two-tower",
    about:
      "a recommender of 200 users and 150 items; made-up ratings (products of hidden vectors of 4 numbers, with noise): 6,000 to train on, 1,000 to tune on, 2,000 to test",
    metric: "error",
    make: (seed) => {
      const spec = { kind: "two-tower", users: 200, items: 150, width: 16, hidden: [32] };
      return { dataset: ratings(seed), spec: architectureSchema.parse(spec) };
    },
    training: { epochs: 20, learning_rate: 0.005 },
    qat: { epochs: 10 },
  },
];
