export const words = {
  zeroMax: "its largest magnitude is zero, so nothing is small beside it",
  zeroNorm: "its norm is zero, so nothing is small beside it",
  zeroDeviation: "the standard deviation of its values is zero, so nothing is small beside it",
  notFinite: "its values are not finite",
  nothingLeft: 'Nothing is left of "{name}": all its values were below the threshold',
} as const;
