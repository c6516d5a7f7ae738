export const words = {
  fewValues:
    "it holds {distinct, plural, one {# distinct value} other {# distinct values}} already, {clusters, number} are allowed",
  fewValuesBesideZero:
    "it holds {distinct, plural, one {# distinct value} other {# distinct values}} already, {clusters, number} are allowed, zero aside",
  shared:
    "{count, number} weights share {distinct, number} values: {bits, number} bits per weight, mean squared error {error, number, ::scientific @@@@} after {rounds, plural, one {# round} other {# rounds}}",
  unsettled:
    "{name}: k-means was ended after {rounds, plural, one {# round} other {# rounds}}, before it settled",
  sharedAlone:
    "Shared values alone neither shrink an uncompressed file nor speed a model up: the gain is in the encoded size.",
} as const;
