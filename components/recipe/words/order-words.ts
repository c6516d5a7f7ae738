"use client";

import { useTranslations } from "next-intl";
import { useCallback } from "react";
import { useTechniqueWords } from "./technique-words.ts";

/** What the engine says of the order of steps, by its words there; a test holds the two together. */
export const orderKeys = {
  "clustering moves the zeros that pruning made to the nearest shared value, unless preserve_sparsity is on.":
    "zerosClustered",
  "the weights of a cluster are equal and are kept or removed together, so that the sparsity asked for is missed; prune first, then cluster with preserve_sparsity.":
    "clusterThreshold",
  "pruning takes members out of every cluster, so that the shared values no longer stand where they fit best; prune first, then cluster with preserve_sparsity.":
    "clusterPruned",
  "with a scale for each channel or block one shared value becomes another integer in each, so that the few values become many.":
    "clusterScales",
  "the factors of a matrix of few values have many values, so that the shared ones are lost.":
    "clusterFactors",
  "the factors of a matrix with zeros are dense, so that the zeros are lost.": "zerosFactors",
  "whole units go with the zeros in them, so that the sparsity of what stays is no longer the one asked for.":
    "zerosUnits",
  "further zeros fall unevenly, so that what runs n:m patterns has no use for them.": "patternZeros",
  "weights that were kept for their size are removed to fit the pattern, so that more is lost than with the pattern alone.":
    "zerosPattern",
  "quantised weights are integers already, so that hardly anything is left to be stored in 16 bits.":
    "integersCast",
  "weights that the earlier step made integers are not quantised again.": "integersAgain",
  "only floating-point weights are pruned, and the earlier step made integers of them.": "integersPruned",
  "only floating-point weights are clustered, and the earlier step made integers of them.":
    "integersClustered",
  "only floating-point weights are factorised, and the earlier step made integers of them.":
    "integersFactorised",
  "quantisation takes float32 weights, and the earlier step stored them in 16 bits.": "shortQuantised",
  "batch normalisation is fused only into float32 weights; put simplify first.": "fuseLate",
  "fusing batch normalisation rescales weights after the smallest were chosen, so that others would have been the smallest; put simplify first.":
    "fusePruned",
  "fusing batch normalisation rescales each channel, so that one shared value becomes many; put simplify first.":
    "fuseClustered",
  "a simplified graph has nothing left to simplify.": "simplifyTwice",
} as const;

const isKnown = (why: string): why is keyof typeof orderKeys => Object.hasOwn(orderKeys, why);

export interface OrderWords {
  readonly text: string;
  /** The language of the words, where it is not the page's. */
  readonly lang: "en" | undefined;
}

/** A warning of the engine about the order of two steps, in the reader's language. */
export function useOrderWords(): (message: string) => OrderWords {
  const t = useTranslations("recipe.order");
  const words = useTechniqueWords();
  return useCallback(
    (message) => {
      const [, later = "", earlier = "", why = ""] = /^(\S+) after (\S+): (.*)$/s.exec(message) ?? [];
      if (!isKnown(why)) return { text: message, lang: "en" };
      const about = { later: words.name(later), earlier: words.name(earlier), why: t(orderKeys[why]) };
      return { text: t("at", about), lang: undefined };
    },
    [t, words],
  );
}
