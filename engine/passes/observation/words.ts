/** Why nothing is known of values over the calibration items. */
export const words = {
  nothing: "nothing of it was observed",
  notReached: "no calibration item reaches it, in graph {number, number} of {node}",
  refused: "its inner values cannot be observed: {error}",
  notInModel: "its inner values cannot be observed: they are not in this model",
  inFunction: 'its inner values cannot be observed: "{name}" is in a local function or a training graph',
  opsetTooOld: 'its inner values cannot be observed: opset {opset, number} is too old to look at "{name}"',
  typeUnknown: 'its inner values cannot be observed: the type of "{name}" is not known',
  noFloat: 'its inner values cannot be observed: "{name}" is {type}, which is no float type',
  staysInside: "its inner values cannot be observed: {node} cannot hand out what is inside of it",
  tooMany:
    "its inner values cannot be observed: {most, number} values inside of other graphs are, which is the most",
} as const;
