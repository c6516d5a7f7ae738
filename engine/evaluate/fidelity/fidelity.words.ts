/** What makes a variant unusable whatever the averages say. */
export const words = {
  notFinite:
    'output "{name}" has {count, plural, one {# value that is not finite} other {# values that are not finite}}',
  constant: 'output "{name}" is the same for every input',
} as const;
