import { describe, expect, it } from "vitest";
import { randomStream } from "../numeric/random.ts";
import { bag } from "./bag.ts";
import { crossEntropy } from "./crossEntropy.ts";
import { factors } from "./factors.ts";
import { minimise, type Trainable } from "./minimise.ts";
import { mlp } from "./mlp.ts";
import { parameter } from "./parameter.ts";

/** Compares each gradient with central differences of `loss`, which must be what `accumulate` differentiates. */
function expectGradients(model: Trainable, loss: () => number): void {
  model.accumulate(0);
  const step = 1e-5;
  for (const { name, value, gradient } of model.parameters) {
    for (let i = 0; i < value.length; i++) {
      const kept = value[i]!;
      value[i] = kept + step;
      const above = loss();
      value[i] = kept - step;
      const below = loss();
      value[i] = kept;
      expect(gradient[i], `${name}[${i}]`).toBeCloseTo((above - below) / (2 * step), 6);
    }
  }
}

const negativeLog = (logits: Float64Array, label: number) =>
  -Math.log(crossEntropy(logits, label, new Float64Array(logits.length)));

describe("gradients agree with finite differences", () => {
  it("of a multilayer perceptron", () => {
    const input = Float64Array.of(0.5, 0, -1.2, 2);
    const model = mlp(
      [4, 5, 3, 3],
      (_, x) => x.set(input),
      () => 1,
      randomStream(1),
    );
    expectGradients(model, () => negativeLog(model.logits(input), 1));
  });

  it("of an embedding bag, with padding and a repeated word", () => {
    const ids = [3, 1, 3, 0, 0];
    const sizes = { vocabulary: 5, width: 4, hidden: 5, classes: 3 };
    const model = bag(
      sizes,
      () => ids,
      () => 2,
      randomStream(2),
    );
    expectGradients(model, () => negativeLog(model.logits(ids), 2));
  });

  it("of a matrix factorisation", () => {
    const observation = { user: 1, item: 2, rating: 4.5 };
    const model = factors({ users: 3, items: 3, width: 4 }, 3, () => observation, randomStream(3));
    expectGradients(model, () => (model.predict(1, 2) - 4.5) ** 2 / 2);
  });
});

it("gives a text of padding alone the logits of a zero mean, not NaN", () => {
  const sizes = { vocabulary: 4, width: 3, hidden: 3, classes: 2 };
  const model = bag(
    sizes,
    () => [0],
    () => 0,
    randomStream(4),
  );
  expect([...model.logits([0, 0])]).toEqual([0, 0]);
});

describe("minimise", () => {
  /** (value − 3)² / 2 per sample. */
  const parabola = (): Trainable => {
    const only = parameter("x", [1], 0, randomStream(1));
    return {
      parameters: [only],
      accumulate: () => {
        const error = only.value[0]! - 3;
        only.gradient[0]! += error;
        return error * error;
      },
    };
  };
  const options = { epochs: 200, batch: 4, rate: 0.1, decay: 0 };

  it("finds the minimum of a parabola", () => {
    const model = parabola();
    minimise(model, 10, options, randomStream(5));
    expect(model.parameters[0]!.value[0]).toBeCloseTo(3, 3);
  });

  it("moves by the learning rate in the first step, whatever the gradient's size", () => {
    const model = parabola();
    minimise(model, 4, { ...options, epochs: 1 }, randomStream(5));
    expect(model.parameters[0]!.value[0]).toBeCloseTo(0.1, 6);
  });

  it("reports a falling mean objective after each epoch", () => {
    const seen: number[] = [];
    minimise(parabola(), 10, options, randomStream(5), (_, objective) => seen.push(objective));
    expect(seen.length).toBe(200);
    expect(seen.at(-1)!).toBeLessThan(seen[0]! / 1000);
  });
});
