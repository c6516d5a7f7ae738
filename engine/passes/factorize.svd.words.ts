export const words = {
  nothing: "it has no constant weight of {ops}",
  budgetMet: "the budget is met without it",
  parameters: "{before, number} parameters → {now, number}",
  factors:
    "{rows, number} × {columns, number} → rank {rank, number}: {before, number} → {now, number} parameters, {kept, number, ::percent .00} of the energy kept",
  factorsByData:
    "{rows, number} × {columns, number} → rank {rank, number}: {before, number} → {now, number} parameters, {kept, number, ::percent .00} of the energy of its outputs on the data kept",
  factorsDespiteData:
    "{rows, number} × {columns, number} → rank {rank, number}: {before, number} → {now, number} parameters, {kept, number, ::percent .00} of the energy kept; the data does not count: {reason}",
  overBudget:
    "rank 1 in every layer that can be factorised would keep {share, number, ::percent .##} of the parameters, above the budget of {budget, number, ::percent .##}",
  fewStored:
    "rank {rank, number} (of {full, number}) needs {factors, number} parameters, and only {stored, number} of its {count, number} values are not zero",
  tooLarge:
    "rank {rank, number} (of {full, number}) needs {factors, number} parameters, it has {count, number}: ranks up to {most, number} would save enough",
  savesTooLittle:
    "rank {rank, number} (of {full, number}) needs {factors, number} parameters, it has {count, number} and {saving, number, ::percent .##} are to be saved: ranks up to {most, number} would save enough",
  otherType: "its type is {type}; only float32 and float16 weights are factorised",
  otherReader: "{reader} needs the whole weight, which would have to stay beside its factors",
  graphOutput: "an output of the graph",
  inFunction: "it belongs to a local function or a training graph",
  inGroups: "a convolution in groups is factorised by its groups already",
  noLowerRank: "a weight of {rows, number} × {columns, number} has no lower rank",
  tooWide:
    "both its sides are above {most, number} ({rows, number} × {columns, number}): the decomposition would take too long",
  allZero: "all its values are zero",
  alreadyFactors: "{first} and {second} are the two factors of one weight of rank {rank, number} already",
  givesNotFinite: "what it gives on the data is not finite",
  givesZero: "what it gives on the data is zero throughout",
  bothWays: "nodes use it both ways",
  manyOutputs: "its outputs are more than {most, number}",
  biasComputed: "its bias is computed while the model runs",
  biasUnfit: "its bias does not fit",
  notLookedAt: "its activations are not looked at",
} as const;
