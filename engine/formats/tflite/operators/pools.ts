import { optionTables } from "../reader/options.ts";
import type { Converter } from "./converter.ts";
import { channelsFirst, storeImage, windowAttributes } from "./windows.ts";

/** Padding never counts: neither in the mean nor as a maximum. */
function pool(opType: "MaxPool" | "AveragePool"): Converter {
  return (site) => {
    const options = site.options(optionTables.pool2d);
    const image = site.input(0);
    const attributes = windowAttributes(image, [options.filterH, options.filterW], options, site);
    const value = site.node(opType, [channelsFirst(site, image)], attributes);
    storeImage(site, site.output(), value, options.activation);
  };
}

export const pools = {
  MAX_POOL_2D: pool("MaxPool"),
  AVERAGE_POOL_2D: pool("AveragePool"),
} satisfies Record<string, Converter>;
