/** Why an architecture cannot be built. */
export const words = {
  smallImages: "LeNet-5 needs images of {least, number} × {least, number} and more",
  wideKernel: "A kernel is wider than the {length, number} words of a text",
  heads: "{heads, number} heads do not divide a width of {width, number}",
  tooManyParameters:
    "This architecture has {parameters, number} parameters; models that are built here have at most {limit, number}",
} as const;
