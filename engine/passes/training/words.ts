/** What techniques that train say. */
export const words = {
  needsData: "it needs items with labels to train on, and none were given",
  nothingToTrain: "it cannot be trained: {error}",
  unknownFreeze: '"freeze" names "{name}", which the model does not have',
  smallerBatch:
    "The batches have all {items, plural, one {# item} other {# items}} of the train split: fewer than the {wanted, number} asked for",
  noTuning:
    "The dataset has no tuning split, so that the weights of the last epoch were taken, whatever they are worth on items that the training has not seen",
  trained:
    "{weights, number} weights trained on {items, plural, one {# item} other {# items}} for {epochs, plural, one {# epoch} other {# epochs}}; those of epoch {epoch, number} are kept",
  accuracy:
    "accuracy on the tuning split: {before, number, ::percent .00} before, {after, number, ::percent .00} after",
  loss: "loss on the tuning split: {before, number, ::@##} before, {after, number, ::@##} after",
  endedEarly:
    "The training ended after {epochs, plural, one {# epoch} other {# epochs}}: none of the last {patience, number} was better",
  noBetter: "no epoch was better on the tuning split than the weights as they were ({score})",
  moved: "{count, number} weights trained",
  movedHeld: "{count, number} weights trained; {zeros, number} zeros stay",
  movedShared:
    "{count, number} weights trained; {zeros, number} zeros stay, the others share {values, number} values",
} as const;
