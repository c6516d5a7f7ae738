export const words = {
  training: "it carries graphs for training it",
  nothing: "it has no layer whose units can be removed",
  overBudget: "even with the fewest units it has more parameters than `budget` allows",
  allKept: "every group keeps all its units: `ratio` is too small, or `min_units` or `round_to` too large",
  tooLarge: "it has more than {most, number} channels or features to follow",
  conflict: 'without the units that could go, axis {axis, number} of "{name}" would have the wrong size',
  total:
    "{removed, number} of {units, number} removable units are gone; parameters {before, number} → {after, number}",
  totalWithMacs:
    "{removed, number} of {units, number} removable units are gone; parameters {before, number} → {after, number}; multiplications for one input {macsBefore, number} → {macsAfter, number}",
  group: "{left, number} of {all, number} units stay",
  groupOfLayers:
    "{left, number} of {all, number} units stay in each of {layers, number} layers that depend on each other",
  compensated:
    "{layers, plural, one {# bias makes up for the mean of what its layer no longer reads} other {# biases make up for the mean of what their layers no longer read}} (over {data})",
  noData: "no data",
  unitsStay: "its units stay: {reason}",
  isOutput: 'it is the output "{name}"',
  shapeUncertain: 'the shape of "{name}" is not certain',
  protectedByNode: "protected by the name of a node",
} as const;

/** Why a node keeps the units that it reads. */
export const locks = {
  notFollowed: "{node} is not followed",
  readsOddly: "{node} reads it in a way that is not followed",
  joinsFixed: "{node} joins it with an axis of fixed size",
  joinsOtherSize: "{node} joins it with an axis of another size",
  joinsUnknown: "{node} joins it with a block of unknown size",
  readsFixedBlock: "{node} reads a block of fixed size",
  normalises: "{node} normalises over it",
  otherBlocks: "{node} has blocks of another size",
  window: "{node} slides a window over it",
  pads: "{node} pads it",
  resizes: "{node} resizes it",
  resizesFixed: "{node} resizes to a fixed size",
  expandsFixed: "{node} expands to a fixed size",
  fixedChannel: "{node} reads one channel of fixed number for each of it",
  otherChannels: "{node} reads another number of channels",
  oneChannel: "{node} makes one channel of it in each group",
  inGroups: "{node} reads it in groups",
  fixedChannels: "{node} reads channels of fixed number",
  looksUp: "{node} looks up positions in it",
  reshapesUnknown: "{node} reshapes it to sizes that are not known",
  reshapesMixed: "{node} takes it apart and puts it together in one step",
  merges: "{node} merges it with other axes",
  heads: "{node} splits it into heads, which are left alone",
  unequal: "{node} splits it into parts of unequal size",
  singleHead: "{node} has a single head",
  cache: "{node} keeps keys and values of every head in a cache",
  headBias: "{node} has a bias for each head",
  computedSize: "{node} takes its size from a computation that is not followed",
  copiesSize: "{node} copies its size to another axis",
  reduces: "{node} reduces over it",
  counts: "{node} counts positions of it",
  splitsOff: "{node} splits it off",
  cutsByInput: "{node} cuts it where only the input tells",
  takesNothing: "{node} takes nothing of it",
  picks: "{node} picks it out",
} as const;

export type Lock = keyof typeof locks;
