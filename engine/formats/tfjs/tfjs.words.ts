export const words = {
  notFinite: "{count, plural, one {# weight has} other {# weights have}} values that are not finite: {names}",
  trainingOnly:
    "{count, plural, one {# layer that only training needs is} other {# layers that only training needs are}} left out: {kinds}",
  asKeras: "Computed as Keras defines it, which TensorFlow.js does not: {options}",
} as const;
