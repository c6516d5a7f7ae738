export const words = {
  dropped: "{count, number} items were left out, because they lack a value",
  leak: "{count, number} of the {total, number} items of the {split} split are in the {other} split, too: a score on them says less than it seems to",
} as const;
