export const words = {
  tooFewEpochs:
    "{epochs, plural, one {# epoch does} other {# epochs do}} not suffice for {rounds, number} rounds: each has at least one",
  round: "round {round, number} of {rounds, number}: {score}",
} as const;
