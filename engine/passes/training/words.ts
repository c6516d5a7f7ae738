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
  noLabel: 'The dataset "{name}" has no label to train on',
  noTrainSplit: 'The dataset "{name}" has no items in its train split, and a training needs them',
  labelOutOfRange:
    "The label of item {row} is not one of the {classes, number} classes that the model tells apart",
  labelsOutOfRange:
    "The label of item {row} (and of {more, number} more) is not one of the {classes, number} classes that the model tells apart",
  labelNotFinite: "The label of item {row} is no finite number",
  labelsNotFinite: "The label of item {row} (and of {more, number} more) is no finite number",
  labelPerItem:
    "The model gives {count, number} numbers for an item, and its label is one; choose a loss for classes, or another output",
  labelKind: "Cross-entropy needs labels that are classes; these are numbers",
  lossDiverged:
    "the loss became {value} at step {step, number}; {weight}; a smaller learning rate or clipping may help",
  gradientDiverged:
    "a gradient became {value} at step {step, number}; {weight}; a smaller learning rate or clipping may help",
  firstSuchWeight: 'the first weight with such a gradient is "{name}"',
  largestWeight: 'the weight with the largest gradient is "{name}"',
  memory:
    "Training takes up to {state, number} MB for weights and optimiser and {values, number} MB for a batch of {batch, number}, and {available, number} MB are available; {advice}",
  smallerFits: "a batch of {count, number} would fit",
  nothingFits: "not even a batch of one fits: freeze a part of the model, or train it on a larger machine",
  nothingMoves: "There is nothing to train: it has no weights that are not frozen",
  noPart: "There is nothing to train: no weight has a part in it",
  noRule: "{op} has no gradient rule; freeze what comes before it",
} as const;
