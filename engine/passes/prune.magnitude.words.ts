export const words = {
  unknownLayer: '"layers" names "{name}", which is no weight of the model',
} as const;
