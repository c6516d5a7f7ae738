import { optionTables } from "../reader/options.ts";
import type { Site } from "../writer/site.ts";
import type { Converter } from "./converter.ts";
import { moveValues } from "./converter.ts";
import { type Taken, takenAxes } from "./strides.ts";

/** Farther back than any axis reaches: before the first index. */
const beforeFirst = -(2 ** 31);

/** A Slice over the axes of which something is left out. */
function take(site: Site, value: string, shape: readonly number[], taken: readonly Taken[]): string {
  const some = taken
    .map((each, axis) => ({ ...each, axis }))
    .filter(({ start, end, stride, axis }) => start !== 0 || end !== shape[axis] || stride !== 1);
  if (some.length === 0) return value;
  const name = site.writer.name(site.output());
  const list = (what: string, numbers: number[]) => site.ints(`${name}/${what}`, numbers);
  return site.node("Slice", [
    value,
    list(
      "starts",
      some.map(({ start }) => start),
    ),
    list(
      "ends",
      some.map(({ end, stride }) => (stride < 0 && end < 0 ? beforeFirst : end)),
    ),
    list(
      "axes",
      some.map(({ axis }) => axis),
    ),
    list(
      "steps",
      some.map(({ stride }) => stride),
    ),
  ]);
}

const slice: Converter = (site) => {
  const [from, to] = [site.input(0), site.output()];
  const begin = site.wholes(1, "begin");
  const size = site.wholes(2, "size");
  if (begin.length !== from.shape.length || size.length !== begin.length)
    site.refuse("with bounds that do not fit its input");
  const taken = from.shape.map((dim, axis) => {
    const start = begin[axis] ?? 0;
    const count = size[axis] ?? 0;
    const end = count < 0 ? dim : start + count;
    if (start < 0 || end > dim) site.refuse("beyond its input");
    return { start, end, stride: 1 };
  });
  moveValues(site, from, to, (value) => take(site, value, from.shape, taken));
};

const stridedSlice: Converter = (site) => {
  const options = site.options(optionTables.stridedSlice);
  const [from, to] = [site.input(0), site.output()];
  if (options.ellipsisMask !== 0) site.refuse("with an ellipsis");
  if (options.offset !== 0) site.refuse("with ends as offsets");
  const taken = takenAxes(from.shape, {
    ...options,
    begin: site.wholes(1, "begin"),
    end: site.wholes(2, "end"),
    strides: site.wholes(3, "strides"),
  });
  if (taken === undefined) return site.refuse("with bounds that do not fit its input");
  if (taken.some(({ start }, axis) => start < 0 || start > (from.shape[axis] ?? 0)))
    site.refuse("beyond its input");
  const isShaped = options.newAxisMask !== 0 || options.shrinkAxisMask !== 0;
  moveValues(site, from, to, (value) => {
    const part = take(site, value, from.shape, taken);
    return isShaped ? site.reshape(part, to.shape) : part;
  });
};

/** REVERSE_V2: slices that go backwards. */
const reverse: Converter = (site) => {
  const [from, to] = [site.input(0), site.output()];
  const axes = new Set(site.wholes(1, "axes").map((axis) => site.axis(axis, from.shape.length)));
  const taken = from.shape.map((dim, axis) =>
    axes.has(axis) ? { start: dim - 1, end: -1, stride: -1 } : { start: 0, end: dim, stride: 1 },
  );
  moveValues(site, from, to, (value) => take(site, value, from.shape, taken));
};

export const slices = {
  SLICE: slice,
  STRIDED_SLICE: stridedSlice,
  REVERSE_V2: reverse,
} satisfies Record<string, Converter>;
