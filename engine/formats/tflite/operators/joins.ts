import type { LiteTensor } from "../reader/lite-model.ts";
import { optionTables } from "../reader/options.ts";
import { activations } from "../writer/activations.ts";
import { numbers, store } from "../writer/numbers.ts";
import type { Site } from "../writer/site.ts";
import type { Converter } from "./converter.ts";
import { isAlike, moveValues } from "./converter.ts";

/** Joins integers as they are where all mean the same. */
function join(site: Site, axis: number, part: (value: string) => string, activation: number): void {
  const output = site.output();
  const inputs = site.operator.inputs.map((_, at) => site.input(at));
  if (activation === activations.none && inputs.every((input) => isAlike(input, output))) {
    const values = inputs.map((input) => part(site.writer.value(input)));
    site.name(site.node("Concat", values, { axis }), output);
    return;
  }
  const values = inputs.map((input) => part(numbers(site, input)));
  store(site, output, site.node("Concat", values, { axis }), { activation });
}

const concatenation: Converter = (site) => {
  const { axis, activation } = site.options(optionTables.concatenation);
  join(site, site.axis(axis, site.output().shape.length), (value) => value, activation);
};

const pack: Converter = (site) => {
  const axis = site.axis(site.options(optionTables.pack).axis, site.output().shape.length);
  const axes = site.ints(`axes_${axis}`, [axis]);
  join(site, axis, (value) => site.node("Unsqueeze", [value, axes]), activations.none);
};

const unpack: Converter = (site) => {
  const from = site.input(0);
  const axis = site.axis(site.options(optionTables.unpack).axis, from.shape.length);
  const sizes = site.operator.outputs.map(() => 1);
  if (sizes.length !== from.shape[axis]) site.refuse("into fewer parts than there are");
  const axes = site.ints(`axes_${axis}`, [axis]);
  parts(site, from, axis, sizes, (value) => site.node("Squeeze", [value, axes]));
};

/** One Slice for each part: parts may be unused, and each may have scales of its own. */
function parts(
  site: Site,
  from: LiteTensor,
  axis: number,
  sizes: readonly number[],
  shape: (value: string) => string = (value) => value,
): void {
  let start = 0;
  for (const [item, size] of sizes.entries()) {
    const bounds = [start, start + size, axis].map((bound) => site.ints(`at_${bound}`, [bound]));
    moveValues(site, from, site.output(item), (value) => shape(site.node("Slice", [value, ...bounds])));
    start += size;
  }
}

const split: Converter = (site) => {
  const from = site.input(1);
  const [given = 0] = site.wholes(0, "axes");
  const axis = site.axis(given, from.shape.length);
  const count = site.operator.outputs.length;
  const size = (from.shape[axis] ?? 0) / count;
  if (!Number.isInteger(size)) site.refuse("into parts of different sizes");
  parts(site, from, axis, new Array<number>(count).fill(size));
};

const splitV: Converter = (site) => {
  const from = site.input(0);
  const [given = 0] = site.wholes(2, "axes");
  const axis = site.axis(given, from.shape.length);
  const sizes = site.wholes(1, "sizes");
  if (sizes.length !== site.operator.outputs.length) site.refuse("with sizes that are not its parts'");
  const known = sizes.reduce((sum, size) => sum + Math.max(0, size), 0);
  const rest = (from.shape[axis] ?? 0) - known;
  parts(
    site,
    from,
    axis,
    sizes.map((size) => (size < 0 ? rest : size)),
  );
};

export const joins = {
  CONCATENATION: concatenation,
  PACK: pack,
  UNPACK: unpack,
  SPLIT: split,
  SPLIT_V: splitV,
} satisfies Record<string, Converter>;
