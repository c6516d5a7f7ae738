import { integerForm } from "../writer/integers.ts";
import { numbers, store } from "../writer/numbers.ts";
import { typeCode } from "../writer/weights.ts";
import type { Converter } from "./converter.ts";

const cast: Converter = (site) => {
  const [from, to] = [site.input(0), site.output()];
  if (integerForm(from) !== undefined || integerForm(to) !== undefined)
    site.refuse("of integers with scales");
  site.name(site.node("Cast", [site.writer.value(from)], { to: typeCode(to.type) }), to);
};

/** Numbers, or integers of other scales, become integers. */
const quantize: Converter = (site) => {
  if (integerForm(site.output()) === undefined) site.refuse("into plain integers");
  store(site, site.output(), numbers(site, site.input(0)));
};

/** Float16 constants are float32 already. */
const dequantize: Converter = (site) => {
  const from = site.input(0);
  if (integerForm(from) === undefined && from.type !== "float16")
    site.refuse(`of ${from.type} without scales`);
  site.name(numbers(site, from), site.output());
};

export const types = { CAST: cast, QUANTIZE: quantize, DEQUANTIZE: dequantize } satisfies Record<
  string,
  Converter
>;
