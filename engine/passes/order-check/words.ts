/** Why two steps of a recipe should not follow one another. */
export const words = {
  after: "{later} after {earlier}: {why}",
  zerosClustered:
    "Clustering moves the zeros that pruning made to the nearest shared value, unless zeros are kept (preserve_sparsity).",
  clusterThreshold:
    "The weights of a cluster are equal and are kept or removed together, so that the sparsity asked for is missed. Prune first, then share values and keep zeros (preserve_sparsity).",
  clusterPruned:
    "Pruning takes members out of every cluster, so that the shared values no longer stand where they fit best. Prune first, then share values and keep zeros (preserve_sparsity).",
  clusterScales:
    "With a scale for each channel or block, one shared value becomes another integer in each: the few values become many.",
  clusterRounded:
    "Training in integers moves every weight on its own and rounds it to a step of its channel, so that the shared values are lost.",
  clusterFactors: "The factors of a matrix of few values have many values, so that the shared ones are lost.",
  zerosFactors: "The factors of a matrix with zeros are dense, so that the zeros are lost.",
  zerosUnits:
    "Whole units go with the zeros in them, so that the sparsity of what stays is no longer the one asked for.",
  patternZeros: "Further zeros fall unevenly, so that what runs n:m patterns has no use for them.",
  zerosPattern:
    "Weights that were kept for their size are removed to fit the pattern: more is lost than with the pattern alone.",
  integersCast:
    "Quantised weights are integers already, so that hardly anything is left to be stored in 16 bits.",
  integersAgain: "Weights that the earlier step made integers are not quantised again.",
  integersPruned: "Only floating-point weights are pruned, and the earlier step made integers of them.",
  integersClustered: "Only floating-point weights share values, and the earlier step made integers of them.",
  integersFactorised:
    "Only floating-point weights are factorised, and the earlier step made integers of them.",
  roundedTrained: "Only 32-bit weights are trained, and the earlier step stored them in fewer bits.",
  replacedLater:
    "A new network takes the place of the model, so that what the earlier step did to it is lost.",
  integersTrained: "Only floating-point weights are trained, and the earlier step made integers of them.",
  shortQuantised: "Quantisation takes 32-bit weights, and the earlier step stored them in 16 bits.",
  fuseLate: "Batch normalisation is fused only into 32-bit weights. Put the simplification (simplify) first.",
  fusePruned:
    "Fusing batch normalisation rescales weights after the smallest were chosen: others would have been the smallest. Put the simplification (simplify) first.",
  fuseClustered:
    "Fusing batch normalisation rescales each channel, so that one shared value becomes many. Put the simplification (simplify) first.",
  simplifyTwice: "A simplified graph has nothing left to simplify.",
} as const;

export type OrderWord = Exclude<keyof typeof words, "after">;
