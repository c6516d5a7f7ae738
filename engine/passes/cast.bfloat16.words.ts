export const words = {
  nothing: "it has no float32 weights of {least, number} values or more to store as bfloat16",
  isFloat16: "it is float16, which is as small already",
  isBfloat16: "it is bfloat16 already",
  isFloat64: "it is float64, and only float32 is stored as bfloat16",
  tooFew: "it has {count, plural, one {# value} other {# values}}, fewer than {least, number}",
  inFunction: "it stands in a function, which other models may define alike",
  overridable: "a caller of its subgraph may override it",
  scales: "it holds scales of quantised weights, which need their precision",
  overflows: "{count, number} of its values are so large that bfloat16 would make them infinite",
  cast: "float32 → bfloat16, {count, plural, one {# value} other {# values}}",
  memory:
    "bfloat16 is how the file stores the weights: ONNX Runtime makes float32 of them when it loads the model, so memory and speed are as before.",
} as const;
