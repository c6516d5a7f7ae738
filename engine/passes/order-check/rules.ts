/** A step by its name, with whatever options it has. */
export type StepLike = { readonly use: string } & Readonly<Record<string, unknown>>;

type Test = (step: StepLike) => boolean;

export interface OrderRule {
  readonly earlier: Test;
  readonly later: Test;
  /** Holds only where nothing stands between the two. */
  readonly adjacent?: boolean;
  /** The reason, as one sentence. */
  readonly why: string;
}

/** The step of that name, or those of that family: `prune` is every `prune.…`. */
const named =
  (...names: readonly string[]): Test =>
  ({ use }) =>
    names.some((name) => use === name || use.startsWith(`${name}.`));

const cast = named("cast");
const quantize = named("quantize");
const prune = named("prune");
const structured = named("prune.structured");
const pattern = named("prune.nm");
const unstructured: Test = (step) => prune(step) && !structured(step);
/** They remove what is below a threshold: equal weights share one fate. */
const byThreshold = named("prune.magnitude", "prune.normalized");
const factorize = named("factorize");
const cluster = named("cluster");
const simplify = named("simplify");
const fusing: Test = (step) => simplify(step) && step.fuse_batch_norm !== false;
const fillsZeros: Test = (step) => cluster(step) && step.preserve_sparsity !== true;

/** One scale per channel or block. That is the default of static and blockwise quantisation, not of dynamic. */
const manyScales: Test = (step) =>
  quantize(step) &&
  (step.use === "quantize.dynamic" ? step.per_channel === true : step.per_channel !== false);

/** Every pair of steps that is known to lose something, and why. Sources stand in docs/engine/order.md. */
export const orderRules: readonly OrderRule[] = [
  {
    earlier: prune,
    later: fillsZeros,
    why: "clustering moves the zeros that pruning made to the nearest shared value, unless preserve_sparsity is on.",
  },
  {
    earlier: cluster,
    later: byThreshold,
    why: "the weights of a cluster are equal and are kept or removed together, so that the sparsity asked for is missed; prune first, then cluster with preserve_sparsity.",
  },
  {
    earlier: cluster,
    later: (step) => prune(step) && !byThreshold(step),
    why: "pruning takes members out of every cluster, so that the shared values no longer stand where they fit best; prune first, then cluster with preserve_sparsity.",
  },
  {
    earlier: cluster,
    later: manyScales,
    why: "with a scale for each channel or block one shared value becomes another integer in each, so that the few values become many.",
  },
  {
    earlier: cluster,
    later: factorize,
    why: "the factors of a matrix of few values have many values, so that the shared ones are lost.",
  },
  {
    earlier: unstructured,
    later: factorize,
    why: "the factors of a matrix with zeros are dense, so that the zeros are lost.",
  },
  {
    earlier: unstructured,
    later: structured,
    why: "whole units go with the zeros in them, so that the sparsity of what stays is no longer the one asked for.",
  },
  {
    earlier: pattern,
    later: (step) => unstructured(step) && !pattern(step),
    why: "further zeros fall unevenly, so that what runs n:m patterns has no use for them.",
  },
  {
    earlier: (step) => unstructured(step) && !pattern(step),
    later: pattern,
    why: "weights that were kept for their size are removed to fit the pattern, so that more is lost than with the pattern alone.",
  },
  {
    earlier: quantize,
    later: cast,
    why: "quantised weights are integers already, so that hardly anything is left to be stored in 16 bits.",
  },
  {
    earlier: quantize,
    later: quantize,
    why: "weights that the earlier step made integers are not quantised again.",
  },
  ...[
    { later: prune, done: "pruned" },
    { later: cluster, done: "clustered" },
    { later: factorize, done: "factorised" },
  ].map(({ later, done }) => ({
    earlier: quantize,
    later,
    why: `only floating-point weights are ${done}, and the earlier step made integers of them.`,
  })),
  {
    earlier: cast,
    later: quantize,
    why: "quantisation takes float32 weights, and the earlier step stored them in 16 bits.",
  },
  {
    earlier: named("cast", "quantize"),
    later: fusing,
    why: "batch normalisation is fused only into float32 weights; put simplify first.",
  },
  {
    earlier: prune,
    later: fusing,
    why: "fusing batch normalisation rescales weights after the smallest were chosen, so that others would have been the smallest; put simplify first.",
  },
  {
    earlier: cluster,
    later: fusing,
    why: "fusing batch normalisation rescales each channel, so that one shared value becomes many; put simplify first.",
  },
  {
    earlier: simplify,
    later: simplify,
    adjacent: true,
    why: "a simplified graph has nothing left to simplify.",
  },
];
