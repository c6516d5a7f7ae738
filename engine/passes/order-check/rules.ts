import type { OrderWord } from "./words.ts";

/** A step by its name, with whatever options it has. */
export type StepLike = { readonly use: string } & Readonly<Record<string, unknown>>;

type Test = (step: StepLike) => boolean;

export interface OrderRule {
  readonly earlier: Test;
  readonly later: Test;
  /** Holds only where nothing stands between the two. */
  readonly adjacent?: boolean;
  /** The reason: one sentence. */
  readonly why: OrderWord;
}

/** The step of that name, or those of that family: `prune` is every `prune.…`. */
const named =
  (...names: readonly string[]): Test =>
  ({ use }) =>
    names.some((name) => use === name || use.startsWith(`${name}.`));

const cast = named("cast");
const qat = named("train.qat");
/** What makes integers of weights, trained for it or not. */
const quantize = named("quantize", "train.qat");
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

/** A new network is trained from nothing, in the place of the model. */
const replaces: Test = (step) => step.use === "train.distill" && step.student !== undefined;
const trains: Test = (step) => named("train")(step) && !replaces(step) && !qat(step);

/** One scale per channel or block. That is the default of static and blockwise quantisation, not of dynamic. */
const manyScales: Test = (step) =>
  named("quantize")(step) &&
  (step.use === "quantize.dynamic" ? step.per_channel === true : step.per_channel !== false);

/** Every pair of steps that is known to lose something, and why. Sources stand in docs/engine/order.md. */
export const orderRules: readonly OrderRule[] = [
  {
    earlier: prune,
    later: fillsZeros,
    why: "zerosClustered",
  },
  {
    earlier: cluster,
    later: byThreshold,
    why: "clusterThreshold",
  },
  {
    earlier: cluster,
    later: (step) => prune(step) && !byThreshold(step),
    why: "clusterPruned",
  },
  {
    earlier: cluster,
    later: manyScales,
    why: "clusterScales",
  },
  {
    earlier: cluster,
    later: qat,
    why: "clusterRounded",
  },
  {
    earlier: cluster,
    later: factorize,
    why: "clusterFactors",
  },
  {
    earlier: unstructured,
    later: factorize,
    why: "zerosFactors",
  },
  {
    earlier: unstructured,
    later: structured,
    why: "zerosUnits",
  },
  {
    earlier: pattern,
    later: (step) => unstructured(step) && !pattern(step),
    why: "patternZeros",
  },
  {
    earlier: (step) => unstructured(step) && !pattern(step),
    later: pattern,
    why: "zerosPattern",
  },
  {
    earlier: quantize,
    later: cast,
    why: "integersCast",
  },
  {
    earlier: quantize,
    later: quantize,
    why: "integersAgain",
  },
  ...(
    [
      { later: prune, why: "integersPruned" },
      { later: cluster, why: "integersClustered" },
      { later: factorize, why: "integersFactorised" },
      { later: trains, why: "integersTrained" },
    ] as const
  ).map((rule) => ({ earlier: quantize, ...rule })),
  {
    earlier: cast,
    later: trains,
    why: "roundedTrained",
  },
  {
    earlier: named("cast", "quantize", "prune", "factorize", "cluster", "simplify", "train"),
    later: replaces,
    why: "replacedLater",
  },
  {
    earlier: cast,
    later: quantize,
    why: "shortQuantised",
  },
  {
    earlier: named("cast", "quantize", "train.qat"),
    later: fusing,
    why: "fuseLate",
  },
  {
    earlier: prune,
    later: fusing,
    why: "fusePruned",
  },
  {
    earlier: cluster,
    later: fusing,
    why: "fuseClustered",
  },
  {
    earlier: simplify,
    later: simplify,
    adjacent: true,
    why: "simplifyTwice",
  },
];
