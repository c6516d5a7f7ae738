import { agriculture } from "./agriculture.ts";
import { education } from "./education.ts";
import { energy } from "./energy.ts";
import { finance } from "./finance.ts";
import { health } from "./health.ts";
import { housing } from "./housing.ts";
import type { Lexicon } from "./lexicon.ts";
import { transport } from "./transport.ts";
import { water } from "./water.ts";

/** The topics in the order of their labels. */
export const topicLexicons: readonly { name: string; lexicon: Lexicon }[] = [
  { name: "agriculture", lexicon: agriculture },
  { name: "education", lexicon: education },
  { name: "energy", lexicon: energy },
  { name: "finance", lexicon: finance },
  { name: "health", lexicon: health },
  { name: "housing", lexicon: housing },
  { name: "transport", lexicon: transport },
  { name: "water", lexicon: water },
];
