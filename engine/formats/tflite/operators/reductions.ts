import { optionTables } from "../reader/options.ts";
import { numbers, store } from "../writer/numbers.ts";
import type { Site } from "../writer/site.ts";
import { typeCode } from "../writer/weights.ts";
import type { Converter } from "./converter.ts";

/** The axes that the second input names, each once and from the front. */
function axesList(site: Site, rank: number): string {
  const axes = [...new Set(site.wholes(1, "axes").map((axis) => site.axis(axis, rank)))].sort(
    (a, b) => a - b,
  );
  return site.ints(`axes_${axes.join("_") || "none"}`, axes);
}

/** No axes means that nothing is reduced. */
function reduction(opType: string): Converter {
  return (site) => {
    const { keepDims } = site.options(optionTables.reducer);
    const from = site.input(0);
    const list = axesList(site, from.shape.length);
    const value = site.node(opType, [numbers(site, from), list], {
      keepdims: keepDims === 0 ? 0 : 1,
      noop_with_empty_axes: 1,
    });
    store(site, site.output(), value);
  };
}

function arg(opType: "ArgMax" | "ArgMin"): Converter {
  return (site) => {
    const [from, to] = [site.input(0), site.output()];
    const [given = 0] = site.wholes(1, "axes");
    const axis = site.axis(given, from.shape.length);
    // The order of integers is that of what they stand for.
    const value = site.node(opType, [site.writer.value(from)], { axis, keepdims: 0 });
    site.name(to.type === "int64" ? value : site.node("Cast", [value], { to: typeCode(to.type) }), to);
  };
}

const cumsum: Converter = (site) => {
  const { exclusive, reverse } = site.options(optionTables.cumsum);
  const [given = 0] = site.wholes(1, "axes");
  const axis = site.writer.constant(`axis_${given}`, "int64", [], BigInt64Array.of(BigInt(given)));
  const value = site.node("CumSum", [numbers(site, site.input(0)), axis], {
    exclusive: exclusive === 0 ? 0 : 1,
    reverse: reverse === 0 ? 0 : 1,
  });
  store(site, site.output(), value);
};

/** Truth values as 0 and 1, of which the largest or the smallest counts. */
function truth(opType: "ReduceMax" | "ReduceMin"): Converter {
  return (site) => {
    const { keepDims } = site.options(optionTables.reducer);
    const from = site.input(0);
    const list = axesList(site, from.shape.length);
    const bits = site.node("Cast", [site.writer.value(from)], { to: typeCode("int32") });
    const value = site.node(opType, [bits, list], {
      keepdims: keepDims === 0 ? 0 : 1,
      noop_with_empty_axes: 1,
    });
    site.name(site.node("Cast", [value], { to: typeCode("bool") }), site.output());
  };
}

export const reductions = {
  REDUCE_ANY: truth("ReduceMax"),
  REDUCE_ALL: truth("ReduceMin"),
  MEAN: reduction("ReduceMean"),
  SUM: reduction("ReduceSum"),
  REDUCE_MAX: reduction("ReduceMax"),
  REDUCE_MIN: reduction("ReduceMin"),
  REDUCE_PROD: reduction("ReduceProd"),
  ARG_MAX: arg("ArgMax"),
  ARG_MIN: arg("ArgMin"),
  CUMSUM: cumsum,
} satisfies Record<string, Converter>;
