export const words = {
  notTrained: "it is frozen, or no part of what can be trained",
  unknownLayer: '"layers" names "{name}", which is no weight that is pruned here',
} as const;
