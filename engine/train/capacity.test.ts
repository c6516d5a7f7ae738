import { describe, expect, it } from "vitest";
import { checkMemory, trainingBytes } from "./capacity.ts";
import { mlp } from "./catalogue/mlp.ts";
import { trainingGraph } from "./graph/training-graph.ts";
import { lossSchema } from "./losses/loss.schema.ts";
import { optimizerSchema } from "./optimizers/optimizer.schema.ts";

const graphOf = (batch: number) =>
  trainingGraph(mlp({ input: [20], hidden: [30], outputs: 5 }, 1), {
    inputDims: new Map([["input", [batch, 20]]]),
    loss: lossSchema.parse({ kind: "cross-entropy" }),
  });

const optimizer = (kind: string) => optimizerSchema.parse({ kind, learning_rate: 0.1 });

describe("the memory that a training takes", () => {
  it("is a few numbers for each weight, and what a batch makes", () => {
    const weights = 20 * 30 + 30 + 30 * 5 + 5;
    const graph = graphOf(8);
    expect(trainingBytes(graph, optimizer("sgd"), 1).state).toBe(4 * 3 * weights);
    expect(trainingBytes(graph, optimizer("adam"), 4).state).toBe(4 * 5 * weights);
    // Hidden values and logits at the least, forward and backward.
    expect(trainingBytes(graph, optimizer("sgd"), 1).values).toBeGreaterThan(4 * 8 * 2 * (30 + 30 + 5));
    const [small, large] = [graphOf(8), graphOf(80)].map(({ valueBytes }) => valueBytes);
    // Gradients of weights do not grow with the batch.
    expect((large ?? 0) / (small ?? 1)).toBeGreaterThan(4);
  });

  it("is looked at before the start, with the batch that would fit", () => {
    expect(() => checkMemory({ state: 40e6, values: 60e6 }, 64, 100e6)).not.toThrow();
    expect(() => checkMemory({ state: 40e6, values: 60e6 }, 64, 70e6)).toThrow(
      /40 MB for weights and optimiser and 60 MB for a batch of 64, and 70 MB are available; a batch of 32 would fit/,
    );
    expect(() => checkMemory({ state: 40e6, values: 60e6 }, 64, 30e6)).toThrow(/not even a batch of one/);
  });
});
