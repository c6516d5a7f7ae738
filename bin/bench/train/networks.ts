import type { HostTensor } from "#engine/evaluate/tensors/tensor.ts";
import { type Architecture, architectureSchema } from "#engine/train/catalogue/architecture.schema.ts";
import type { LossOptions } from "#engine/train/losses/loss.schema.ts";

/** A network whose training step is timed, the same in every library. */
export interface TimedNetwork {
  readonly name: string;
  readonly spec: Architecture;
  readonly batch: number;
  readonly loss: LossOptions["kind"];
}

const words = { vocabulary: 8_000, length: 64, outputs: 2 } as const;

/** Step size of Adam everywhere. */
export const learningRate = 0.001;

export const networks: readonly TimedNetwork[] = [
  {
    name: "LeNet-300-100",
    batch: 64,
    loss: "cross-entropy",
    spec: parse({ kind: "mlp", input: [784], outputs: 10 }),
  },
  {
    name: "LeNet-5 (Caffe's 20-50-500)",
    batch: 64,
    loss: "cross-entropy",
    spec: parse({ kind: "lenet-5", input: [1, 28, 28], outputs: 10 }),
  },
  {
    name: "Transformer encoder (2 layers, width 128, 64 tokens)",
    batch: 32,
    loss: "cross-entropy",
    spec: parse({ kind: "transformer", ...words, width: 128, heads: 4, layers: 2 }),
  },
  {
    name: "Two-tower recommender (10,000 users, 5,000 items, width 32)",
    batch: 256,
    loss: "mse",
    spec: parse({ kind: "two-tower", users: 10_000, items: 5_000, width: 32, hidden: [64] }),
  },
];

function parse(spec: object): Architecture {
  return architectureSchema.parse(spec);
}

/** Numbers between 0 and 1 that are the same everywhere. */
function value(at: number): number {
  return ((at * 2_654_435_761) % 2 ** 32) / 2 ** 32;
}

/** One batch of inputs, by name. */
export function inputsOf({ spec, batch }: TimedNetwork): Record<string, HostTensor> {
  const ids = (dims: number[], below: number, shift: number): HostTensor => ({
    dtype: "int64",
    dims: [batch, ...dims],
    data: BigInt64Array.from({ length: batch * dims.reduce((a, b) => a * b, 1) }, (_, at) =>
      BigInt(Math.floor(value(at + shift) * below)),
    ),
  });
  if ("vocabulary" in spec) return { tokens: ids([spec.length], spec.vocabulary, 1) };
  if ("users" in spec) return { user: ids([], spec.users, 1), item: ids([], spec.items, 100) };
  const dims = [batch, ...spec.input];
  const data = Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, at) => value(at));
  return { input: { dtype: "float32", dims, data } };
}

/** Labels of the batch: classes, or numbers. */
export function labelsOf({ spec, batch }: TimedNetwork): number[] {
  const classes = "outputs" in spec ? spec.outputs : 5;
  return Array.from({ length: batch }, (_, at) => Math.floor(value(at + 7) * classes));
}
