import { optionTables } from "../reader/options.ts";
import { integerForm } from "../writer/integers.ts";
import { numbers, store } from "../writer/numbers.ts";
import { typeCode } from "../writer/weights.ts";
import type { Converter } from "./converter.ts";
import { moveValues } from "./converter.ts";

const largestDepth = 65_536;

/** The k largest along the last axis and where they stand, of equals the first first. */
const topK: Converter = (site) => {
  const from = site.input(0);
  const [k = 0] = site.wholes(1, "k");
  const size = from.shape.at(-1) ?? 0;
  if (k < 0 || k > size) site.refuse(`of ${k} among ${size}`);
  const name = site.writer.name(site.output());
  const found = [site.writer.fresh(`${name}/values`), site.writer.fresh(`${name}/indices`)] as const;
  site.nodeInto("TopK", [numbers(site, from), site.ints(`k_${k}`, [k])], [...found], { axis: -1 });
  store(site, site.output(0), found[0]);
  const to = site.output(1);
  site.name(site.node("Cast", [found[1]], { to: typeCode(to.type) }), to);
};

/**
 * ONE_HOT by comparison: an index outside of the depth gives "off" alone, where ONNX's OneHot would count negative ones
 * from the back.
 */
const oneHot: Converter = (site) => {
  const [indices, to] = [site.input(0), site.output()];
  const [depth = 0] = site.wholes(1, "depth");
  if (depth < 0 || depth > largestDepth) site.refuse(`of depth ${depth}`);
  if (integerForm(to) !== undefined) site.refuse("of integers with scales");
  const rank = indices.shape.length;
  const axis = site.axis(site.options(optionTables.oneHot).axis, rank + 1);
  const behind = rank - axis;
  const places = site.ints(`${site.writer.name(to)}/places`, [...new Array<number>(depth).keys()]);
  const column = site.node("Reshape", [
    places,
    site.ints(`column_${behind}`, [depth, ...new Array<number>(behind).fill(1)]),
  ]);
  const wide = site.node("Cast", [site.writer.value(indices)], { to: typeCode("int64") });
  const each = site.node("Unsqueeze", [wide, site.ints(`axes_${axis}`, [axis])]);
  const values = [site.writer.value(site.input(2)), site.writer.value(site.input(3))];
  site.name(site.node("Where", [site.node("Equal", [each, column]), ...values]), to);
};

/** Updates that meet in one place are added up. */
const scatterNd: Converter = (site) => {
  const to = site.output();
  if (to.type !== "float32" && to.type !== "int32" && to.type !== "int64") site.refuse(`of ${to.type}`);
  const shape = site.ints(`${site.writer.name(to)}/shape`, site.wholes(2, "shape"));
  const zero = site.node("Cast", [site.scalar(0)], { to: typeCode(to.type) });
  const indices = site.node("Cast", [site.writer.value(site.input(0))], { to: typeCode("int64") });
  const empty = site.node("Expand", [zero, shape]);
  const inputs = [empty, indices, site.writer.value(site.input(1))];
  site.name(site.node("ScatterND", inputs, { reduction: { text: "add" } }), to);
};

const fill: Converter = (site) => {
  const to = site.output();
  const shape = site.ints(`${site.writer.name(to)}/shape`, site.wholes(0, "shape"));
  moveValues(site, site.input(1), to, (value) => site.node("Expand", [value, shape]));
};

const zerosLike: Converter = (site) => {
  const to = site.output();
  const zero = site.node("Cast", [site.scalar(0)], { to: typeCode(to.type) });
  if (integerForm(to) !== undefined) site.refuse("of integers with scales");
  const shape = site.node("Shape", [site.writer.value(site.input(0))]);
  site.name(site.node("Expand", [zero, shape]), to);
};

/** Each item of a batch is turned round up to its own length. */
const reverseSequence: Converter = (site) => {
  const { sequenceDim, batchDim } = site.options(optionTables.reverseSequence);
  const [from, to] = [site.input(0), site.output()];
  if (sequenceDim + batchDim !== 1 || sequenceDim * batchDim !== 0)
    site.refuse("of other than the first two axes");
  const lengths = site.node("Cast", [site.writer.value(site.input(1))], { to: typeCode("int64") });
  store(
    site,
    to,
    site.node("ReverseSequence", [numbers(site, from), lengths], {
      time_axis: sequenceDim,
      batch_axis: batchDim,
    }),
  );
};

export const lists = {
  TOPK_V2: topK,
  ONE_HOT: oneHot,
  SCATTER_ND: scatterNd,
  FILL: fill,
  ZEROS_LIKE: zerosLike,
  REVERSE_SEQUENCE: reverseSequence,
} satisfies Record<string, Converter>;
