export const words = {
  noGroup:
    "{inputs, plural, one {its # input makes no group of more than} other {its # inputs make no group of more than}} {n, number}",
} as const;
