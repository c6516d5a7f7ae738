import { expect, it } from "vitest";
import { TrainingNotes } from "./training.ts";

it("tells epoch, mean loss, tuning score and time left, and keeps the history of each step", () => {
  let now = 0;
  const notes = new TrainingNotes(() => now);
  expect(notes.stage("train.finetune")).toBe("train.finetune");
  const watch = notes.forStep(1, "train.finetune");
  watch.onBegin?.({ epochs: 4, batchesPerEpoch: 2, done: 0 });
  watch.onPoint?.("loss", 1, 3);
  watch.onPoint?.("learning rate", 1, 0.1);
  expect(notes.stage("train.finetune")).toBe("train.finetune  epoch 1 of 4  loss 3.00");
  watch.onPoint?.("loss", 2, 1);
  expect(notes.stage("train.finetune")).toBe("train.finetune  epoch 1 of 4  loss 2.00");
  watch.onEpoch?.(1, { trainLoss: 2, tuning: { loss: 1.5, accuracy: 0.75 } });
  now = 60_000;
  watch.onPoint?.("loss", 3, 0.5);
  expect(notes.stage("train.finetune")).toBe(
    "train.finetune  epoch 2 of 4  loss 0.500  tuning accuracy 75.00 %  2 min left",
  );
  expect(notes.stage("simplify")).toBe("simplify");
  watch.onEpoch?.(2, { trainLoss: 0.5, tuning: undefined });
  expect(notes.historyOf(1)).toEqual([
    { epoch: 1, loss: 2, tuning: { loss: 1.5, accuracy: 0.75 } },
    { epoch: 2, loss: 0.5 },
  ]);
  expect(notes.historyOf(0)).toBeUndefined();
});
