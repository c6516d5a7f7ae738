import type { HostTensor } from "#engine/evaluate/tensors/tensor.ts";
import { noise } from "../../autodiff/testing/case.ts";
import type { Architecture } from "../architecture.schema.ts";

/** A small one of every kind. */
export const smallSpecs: readonly object[] = [
  { kind: "mlp", input: [8], hidden: [16], outputs: 3 },
  { kind: "lenet-5", input: [1, 16, 16], outputs: 3 },
  { kind: "resnet", input: [3, 8, 8], outputs: 3, width: 4 },
  { kind: "mobilenet", input: [3, 16, 16], outputs: 3, width: 4, blocks: 2 },
  { kind: "text-cnn", vocabulary: 30, length: 9, outputs: 3, width: 8, filters: 4 },
  { kind: "transformer", vocabulary: 30, length: 6, outputs: 3, width: 16, heads: 2, layers: 1 },
  { kind: "lstm", vocabulary: 30, length: 6, outputs: 3, width: 8, hidden: 8 },
  { kind: "matrix-factorization", users: 12, items: 15, width: 4 },
  { kind: "two-tower", users: 12, items: 15, width: 4, hidden: [8] },
];

/** One batch of inputs for an architecture. */
export function feedsOf(spec: Architecture, batch: number): Record<string, HostTensor> {
  const ids = (dims: number[], below: number, step: number): HostTensor => ({
    dtype: "int64",
    dims: [batch, ...dims],
    data: BigInt64Array.from({ length: batch * dims.reduce((a, b) => a * b, 1) }, (_, at) =>
      BigInt((step * at) % below),
    ),
  });
  if ("vocabulary" in spec) return { tokens: ids([spec.length], spec.vocabulary, 7) };
  if ("users" in spec) return { user: ids([], spec.users, 5), item: ids([], spec.items, 7) };
  const dims = [batch, ...spec.input];
  const data = Float32Array.from(
    noise(
      dims.reduce((a, b) => a * b, 1),
      4,
    ),
  );
  return { input: { dtype: "float32", dims, data } };
}
