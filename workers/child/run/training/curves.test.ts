import { describe, expect, it } from "vitest";
import { Curves, curvesState } from "./curves.ts";

const epochs = 10;
const batchesPerEpoch = 5_000;

/** A training of 50,000 batches from `from` on, whose loss is the number of the batch. */
function draw(curves: Curves, from: number, to: number): void {
  for (let step = from + 1; step <= to; step++) {
    curves.add("loss", step, step);
    curves.add("learning rate", step, 1 / step);
    if (step % batchesPerEpoch === 0) curves.add("tuning loss", step, step);
  }
}

const of = (curves: Curves, name: string) => curves.take().filter(({ curve }) => curve === name);

describe("curves of a training", () => {
  it("have a bounded number of points, and the loss the means of all batches", () => {
    const curves = new Curves();
    curves.begin({ epochs, batchesPerEpoch, done: 0 });
    draw(curves, 0, epochs * batchesPerEpoch);
    const points = curves.take();
    const loss = points.filter(({ curve }) => curve === "loss");
    expect(loss).toHaveLength(1_000);
    expect(loss[0]).toEqual({ curve: "loss", step: 50, value: 25.5 });
    expect(loss.at(-1)).toEqual({ curve: "loss", step: 50_000, value: 49_975.5 });
    const rates = points.filter(({ curve }) => curve === "learning rate");
    expect(rates.length).toBeLessThanOrEqual(1_001);
    for (const { step, value } of rates) expect(value).toBe(1 / step);
    expect(rates.at(-1)?.step).toBe(50_000);
    expect(points.filter(({ curve }) => curve === "tuning loss")).toHaveLength(epochs);
    expect(curves.take()).toEqual([]);
  });

  it("have a point of every batch where there are few", () => {
    const curves = new Curves();
    curves.begin({ epochs: 2, batchesPerEpoch: 10, done: 0 });
    draw(curves, 0, 20);
    expect(of(curves, "loss").map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
  });

  it("tell of the span in which a training ended early", () => {
    const curves = new Curves();
    curves.begin({ epochs, batchesPerEpoch, done: 0 });
    draw(curves, 0, 60);
    curves.finish();
    expect(of(curves, "loss")).toEqual([
      { curve: "loss", step: 50, value: 25.5 },
      { curve: "loss", step: 60, value: 55.5 },
    ]);
  });

  it("go on from a state as if nothing had happened", () => {
    const whole = new Curves();
    whole.begin({ epochs, batchesPerEpoch, done: 0 });
    draw(whole, 0, 20_000);
    const first = new Curves();
    first.begin({ epochs, batchesPerEpoch, done: 0 });
    draw(first, 0, 12_345);
    const state = curvesState.parse(JSON.parse(JSON.stringify(first.state())));
    const second = new Curves();
    second.restore(state);
    second.begin({ epochs, batchesPerEpoch, done: 12_345 });
    draw(second, 12_345, 20_000);
    const sorted = (curves: Curves) =>
      curves.take().toSorted((a, b) => a.curve.localeCompare(b.curve) || a.step - b.step);
    expect(sorted(second)).toEqual(sorted(whole));
  });
});
