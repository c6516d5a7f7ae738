export const words = {
  alreadyQuantized:
    "the model is quantised already; float16 would only put casts between its integer operators",
  noGraph: "it has no graph",
  noWeights: "it has no float32 weights to convert",
  typeUnknown: 'the element type of "{name}", made by {source}, is not known',
  typeOfInputUnknown: 'the element type of the input "{name}" is not known',
  cast: "float32 → float16, {count, plural, one {# value} other {# values}}",
  clamped:
    "{count, plural, one {# value beyond ±65504 became ±65504, the largest float16} other {# values beyond ±65504 became ±65504, the largest float16}}",
} as const;
