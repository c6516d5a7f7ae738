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

/** The root of the mean of squares. */
const l2Pool: Converter = (site) => {
  const options = site.options(optionTables.pool2d);
  const image = site.input(0);
  const attributes = windowAttributes(image, [options.filterH, options.filterW], options, site);
  const x = channelsFirst(site, image);
  const mean = site.node("AveragePool", [site.node("Mul", [x, x])], attributes);
  storeImage(site, site.output(), site.node("Sqrt", [mean]), options.activation);
};

/** x / (bias + alpha · Σ x²)^beta over `radius` channels on both sides; ONNX divides alpha by how many they are. */
const localResponse: Converter = (site) => {
  const { radius, bias, alpha, beta } = site.options(optionTables.localResponse);
  if (radius < 0 || radius > 1024) site.refuse(`of radius ${radius}`);
  const size = 2 * radius + 1;
  const value = site.node("LRN", [channelsFirst(site, site.input(0))], {
    size,
    alpha: { float: alpha * size },
    beta: { float: beta },
    bias: { float: bias },
  });
  storeImage(site, site.output(), value);
};

export const pools = {
  L2_POOL_2D: l2Pool,
  LOCAL_RESPONSE_NORMALIZATION: localResponse,
  MAX_POOL_2D: pool("MaxPool"),
  AVERAGE_POOL_2D: pool("AveragePool"),
} satisfies Record<string, Converter>;
