import { optionTables } from "../reader/options.ts";
import { innerForm, integerArray } from "../writer/integers.ts";
import type { Site } from "../writer/site.ts";
import type { Converter } from "./converter.ts";
import { moveValues } from "./converter.ts";
import { channelsFirst, storeImage } from "./windows.ts";

function block(opType: "SpaceToDepth" | "DepthToSpace"): Converter {
  return (site) => {
    const { blockSize } = site.options(optionTables.blockSize);
    if (blockSize < 1) site.refuse("with a block below 1");
    const value = site.node(opType, [channelsFirst(site, site.input(0))], { blocksize: blockSize });
    storeImage(site, site.output(), value);
  };
}

/** Pairs of whole numbers for each spatial axis, such as paddings or crops. */
function pairs(site: Site, count: number, what: string): [number, number][] {
  const list = site.wholes(2, what);
  if (list.length !== 2 * count || list.some((value) => value < 0))
    site.refuse(`with ${what} that do not fit`);
  return Array.from({ length: count }, (_, at): [number, number] => [
    list[2 * at] ?? 0,
    list[2 * at + 1] ?? 0,
  ]);
}

/** Sizes of blocks along the axes behind the batch. */
function blockShape(site: Site): number[] {
  const shape = site.wholes(1, "blocks");
  if (
    shape.length === 0 ||
    shape.length > 4 ||
    shape.length >= site.input(0).shape.length ||
    shape.some((size) => size < 1)
  )
    site.refuse("with blocks that do not fit");
  return shape;
}

/** [n, h, w, …] → padded → [n, h/a, a, w/b, b, …] → [a, b, n, h/a, w/b, …] → [a·b·n, h/a, w/b, …] */
const spaceToBatch: Converter = (site) => {
  const [from, to] = [site.input(0), site.output()];
  const sizes = blockShape(site);
  const pads = pairs(site, sizes.length, "paddings");
  const rank = from.shape.length;
  const [batch = 0, ...rest] = from.shape;
  const inner = rest.slice(sizes.length);
  const padded = sizes.map((_, at) => (rest[at] ?? 0) + (pads[at]?.[0] ?? 0) + (pads[at]?.[1] ?? 0));
  if (padded.some((size, at) => size % (sizes[at] ?? 1) !== 0)) site.refuse("with blocks that do not fit");
  const outer = padded.map((size, at) => size / (sizes[at] ?? 1));
  const zeros = new Array<number>(rank - 1 - sizes.length).fill(0);
  const list = [
    0,
    ...pads.map(([before]) => before),
    ...zeros,
    0,
    ...pads.map(([, after]) => after),
    ...zeros,
  ];
  const form = innerForm(from);
  const [zero = 0] = form?.zeroPoints ?? [];
  moveValues(site, from, to, (value) => {
    const filling =
      form === undefined || value !== site.writer.name(from)
        ? []
        : [site.writer.constant(`${form.type}_${zero}`, form.type, [], integerArray(form.type, [zero]))];
    const room = list.some((pad) => pad > 0)
      ? site.node("Pad", [value, site.ints(`${site.writer.name(to)}/pads`, list), ...filling])
      : value;
    const split = site.reshape(room, [
      batch,
      ...outer.flatMap((size, at) => [size, sizes[at] ?? 1]),
      ...inner,
    ]);
    const spatial = sizes.map((_, at) => 2 + 2 * at);
    const perm = [
      ...spatial,
      0,
      ...spatial.map((axis) => axis - 1),
      ...inner.map((_, at) => 1 + 2 * sizes.length + at),
    ];
    return site.reshape(site.transpose(split, perm), [batch * product(sizes), ...outer, ...inner]);
  });
};

/** The way back: [a·b·n, h, w, …] → [a, b, n, h, w, …] → [n, h, a, w, b, …] → [n, h·a, w·b, …] → cropped */
const batchToSpace: Converter = (site) => {
  const [from, to] = [site.input(0), site.output()];
  const sizes = blockShape(site);
  const crops = pairs(site, sizes.length, "crops");
  const [all = 0, ...rest] = from.shape;
  const batch = all / product(sizes);
  if (!Number.isInteger(batch)) site.refuse("with blocks that do not fit");
  const outer = rest.slice(0, sizes.length);
  const inner = rest.slice(sizes.length);
  moveValues(site, from, to, (value) => {
    const split = site.reshape(value, [...sizes, batch, ...rest]);
    const count = sizes.length;
    const perm = [
      count,
      ...sizes.flatMap((_, at) => [count + 1 + at, at]),
      ...inner.map((_, at) => 2 * count + 1 + at),
    ];
    const whole = outer.map((size, at) => size * (sizes[at] ?? 1));
    const joined = site.reshape(site.transpose(split, perm), [batch, ...whole, ...inner]);
    if (crops.every(([before, after]) => before === 0 && after === 0)) return joined;
    const name = site.writer.name(to);
    return site.node("Slice", [
      joined,
      site.ints(
        `${name}/starts`,
        crops.map(([before]) => before),
      ),
      site.ints(
        `${name}/ends`,
        crops.map(([, after], at) => (whole[at] ?? 0) - after),
      ),
      site.ints(
        `${name}/axes`,
        crops.map((_, at) => at + 1),
      ),
    ]);
  });
};

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}

export const blocks = {
  SPACE_TO_DEPTH: block("SpaceToDepth"),
  DEPTH_TO_SPACE: block("DepthToSpace"),
  SPACE_TO_BATCH_ND: spaceToBatch,
  BATCH_TO_SPACE_ND: batchToSpace,
} satisfies Record<string, Converter>;
