import type { LiteTensor } from "../reader/lite-model.ts";
import { optionTables } from "../reader/options.ts";
import { integerForm } from "../writer/integers.ts";
import { dequantized, numbers, store } from "../writer/numbers.ts";
import type { Site } from "../writer/site.ts";
import { typeCode } from "../writer/weights.ts";
import type { Converter } from "./converter.ts";
import { isAlike, moveValues } from "./converter.ts";

const gather: Converter = (site) => {
  const { axis, batchDims } = site.options(optionTables.gather);
  if (batchDims !== 0) site.refuse("with batch dimensions");
  const [from, to] = [site.input(0), site.output()];
  const front = site.axis(axis, from.shape.length);
  const at = indexValue(site, 1);
  pick(site, from, to, (value) => site.node("Gather", [value, at], { axis: front }));
};

/** As `moveValues`, but a table of integers is looked up before what is taken of it becomes numbers. */
function pick(site: Site, from: LiteTensor, to: LiteTensor, move: (value: string) => string): void {
  const form = integerForm(from);
  if (form?.scales.length !== 1 || isAlike(from, to)) moveValues(site, from, to, move);
  else store(site, to, dequantized(site, move(site.writer.value(from)), from));
}

/** Indices as ONNX takes them: of 32 or 64 bits. */
function indexValue(site: Site, at: number): string {
  const tensor = site.input(at);
  const value = site.writer.value(tensor);
  if (tensor.type === "int32" || tensor.type === "int64") return value;
  return site.node("Cast", [value], { to: typeCode("int64") });
}

const gatherNd: Converter = (site) => {
  const [from, indices, to] = [site.input(0), site.input(1), site.output()];
  const at = site.node("Cast", [site.writer.value(indices)], { to: typeCode("int64") });
  moveValues(site, from, to, (value) => site.node("GatherND", [value, at]));
};

/** EMBEDDING_LOOKUP: rows of the second input by the first. */
const embeddingLookup: Converter = (site) => {
  const [from, to] = [site.input(1), site.output()];
  const at = indexValue(site, 0);
  pick(site, from, to, (value) => site.node("Gather", [value, at], { axis: 0 }));
};

/** SELECT takes a condition of the shape of its choices, a single one, or one for each row. */
const select =
  (isBroadcast: boolean): Converter =>
  (site) => {
    const [condition, x, y, to] = [site.input(0), site.input(1), site.input(2), site.output()];
    const isRows = condition.shape.length === 1 && x.shape.length > 1 && condition.shape[0] !== 1;
    const given = site.writer.value(condition);
    const behind = x.shape.slice(1).map((_, axis) => axis + 1);
    const choice =
      !isBroadcast && isRows
        ? site.node("Unsqueeze", [given, site.ints(`axes_${behind.join("_")}`, behind)])
        : given;
    // ONNX Runtime chooses among integers of 8 and 16 bits only as numbers.
    if (integerForm(to) === undefined) {
      site.name(site.node("Where", [choice, site.writer.value(x), site.writer.value(y)]), to);
      return;
    }
    store(site, to, site.node("Where", [choice, numbers(site, x), numbers(site, y)]));
  };

function comparison(opType: string, isNegated = false): Converter {
  return (site) => {
    const [x, y] = [site.input(0), site.input(1)];
    const sides =
      x.type === "bool" ? [site.writer.value(x), site.writer.value(y)] : [numbers(site, x), numbers(site, y)];
    const value = site.node(opType, sides);
    site.name(isNegated ? site.node("Not", [value]) : value, site.output());
  };
}

function logic(opType: string): Converter {
  return (site) => {
    const inputs = site.operator.inputs.map((_, at) => site.writer.value(site.input(at)));
    site.name(site.node(opType, inputs), site.output());
  };
}

const shape: Converter = (site) => {
  const to = site.output();
  const value = site.node("Shape", [site.writer.value(site.input(0))]);
  site.name(to.type === "int64" ? value : site.node("Cast", [value], { to: typeCode(to.type) }), to);
};

export const selections = {
  GATHER: gather,
  GATHER_ND: gatherNd,
  EMBEDDING_LOOKUP: embeddingLookup,
  SELECT: select(false),
  SELECT_V2: select(true),
  EQUAL: comparison("Equal"),
  NOT_EQUAL: comparison("Equal", true),
  LESS: comparison("Less"),
  LESS_EQUAL: comparison("LessOrEqual"),
  GREATER: comparison("Greater"),
  GREATER_EQUAL: comparison("GreaterOrEqual"),
  LOGICAL_AND: logic("And"),
  LOGICAL_OR: logic("Or"),
  LOGICAL_NOT: logic("Not"),
  SHAPE: shape,
} satisfies Record<string, Converter>;
