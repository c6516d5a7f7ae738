import type { Architecture } from "#engine/train/catalogue/architecture.schema.ts";

/** A network of the table of Han, Mao and Dally 2016, and what they and others report of it. */
export interface Network {
  /** Also the name of its recipe's file in docs/results/deep-compression. */
  readonly name: string;
  readonly title: string;
  readonly architecture: Architecture;
  readonly parameters: number;
  /** Highest error of the baseline, in per cent, with which a ratio means anything. */
  readonly baselineGoal: number;
  readonly errorGoal: number;
  readonly ratioGoal: number;
  /** Of the paper: error in per cent before and after, and the ratio by its own count. */
  /** What the test split had been opened for before the recipe of now was chosen. */
  readonly earlier?: string;
  readonly published: { readonly before: number; readonly after: number; readonly ratio: number };
}

const input: [number, number, number] = [1, 28, 28];

export const networks: readonly Network[] = [
  {
    name: "lenet-300-100",
    title: "LeNet-300-100",
    architecture: { kind: "mlp", input, hidden: [300, 100], outputs: 10 },
    parameters: 266_610,
    baselineGoal: 1.64,
    errorGoal: 1.58,
    ratioGoal: 48,
    published: { before: 1.64, after: 1.58, ratio: 40 },
  },
  {
    name: "lenet-5",
    title: "LeNet-5 of Caffe (20-50-500-10)",
    architecture: { kind: "lenet-5", input, outputs: 10 },
    parameters: 431_080,
    baselineGoal: 0.8,
    errorGoal: 0.74,
    ratioGoal: 46,
    earlier:
      "96 % zeros after 12 epochs, shared values trained for 2 more, without a teacher: seed 1 alone, 75.5 × with 0.65 % error, 0.19 [0.06, 0.34] points more than its baseline. The recipe was then chosen anew, with other seeds, on the items kept apart.",
    published: { before: 0.8, after: 0.74, ratio: 39 },
  },
];

export const seeds = [1, 2, 3, 4, 5] as const;
