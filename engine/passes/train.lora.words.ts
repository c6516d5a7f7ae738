export const words = {
  tooSmall: "its {count, number} weights are fewer than the {least, number} from which on a correction pays",
  rankTooLarge:
    "a correction of rank {rank, number} is no smaller than its {rows, number} × {columns, number} weights",
  notLinear: "{node} does not multiply by it as a matrix",
  notMain: "it stands inside of another graph",
  none: "it has no MatMul or Gemm that a correction could stand beside",
  merged: "a correction of rank {rank, number} is added to {count, number} weights",
  beside: "a correction of rank {rank, number} stands beside {count, number} weights: {extra, number} more",
  besideWarning:
    "Corrections that stand beside their weights make the model a little larger and slower; they keep the zeros and the shared values",
} as const;
