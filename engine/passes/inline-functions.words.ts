/** What is said of the local functions of a model. */
export const words = {
  inlined:
    "{count, plural, one {# local function was inlined: compression works on its body} other {# local functions were inlined: compression works on their bodies}}",
  kept: 'The local function "{name}" is left as it is: {reason}',
  moreKept:
    "{count, plural, one {# more local function is left as it is} other {# more local functions are left as they are}}",
  allKept: "The local functions are left as they are: {reason}",
  tooManyNodes: "they stand for more than {most, number} nodes",
  tooDeep: "they stand for more than {most, number} graphs in graphs",
  calledElsewhere: "a training graph or a function that stays calls it",
  otherVersion:
    'it is written for version {from, number} of "{domain}" and the model for version {to, number}',
  unknownVersion:
    "it is written for version {from, number} of the standard operators and the model for version {to, number}, which is not known here",
  otherMeaning:
    "it is written for version {from, number} of the standard operators and the model for version {to, number}, where {op} means something else",
  moreInputs: "a call gives more inputs than it has",
  moreOutputs: "a call wants more outputs than it has",
  outputMissing: 'nothing makes its output "{name}"',
} as const;
