import { blocks } from "./blocks.ts";
import type { Converter } from "./converter.ts";
import { convolutions } from "./convolutions.ts";
import { elementwise } from "./elementwise.ts";
import { joins } from "./joins.ts";
import { lists } from "./lists.ts";
import { recurrent } from "./lstm.ts";
import { normalizations } from "./normalizations.ts";
import { paddingOperators } from "./paddings.ts";
import { pools } from "./pools.ts";
import { products } from "./products.ts";
import { reductions } from "./reductions.ts";
import { resizes } from "./resizes.ts";
import { selections } from "./selections.ts";
import { slices } from "./slices.ts";
import { types } from "./types.ts";
import { views } from "./views.ts";

/** Every operator that is converted, by its name. */
export const converters: Readonly<Record<string, Converter>> = {
  ...blocks,
  ...convolutions,
  ...elementwise,
  ...joins,
  ...lists,
  ...normalizations,
  ...paddingOperators,
  ...pools,
  ...products,
  ...recurrent,
  ...reductions,
  ...resizes,
  ...selections,
  ...slices,
  ...types,
  ...views,
};
