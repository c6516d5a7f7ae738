import type { LiteGraph, LiteOperator } from "./reader/lite-model.ts";

/** Operators whose shape input is not looked at, since the file says what shape they make. */
const shaped: ReadonlySet<string> = new Set(["RESHAPE", "EXPAND_DIMS"]);

/** The inputs of an operator that its conversion reads. */
export function readInputs(operator: LiteOperator): readonly number[] {
  return shaped.has(operator.name) ? operator.inputs.slice(0, 1) : operator.inputs;
}

/**
 * The operators that the outputs need, in order. Models with an open batch compute shapes from the shape of a tensor
 * (SHAPE, STRIDED_SLICE, PACK), which nothing reads any more here.
 */
export function liveOperators(graph: LiteGraph): LiteOperator[] {
  const wanted = new Set(graph.outputs);
  const live: LiteOperator[] = [];
  for (const operator of graph.operators.toReversed()) {
    if (!operator.outputs.some((index) => wanted.has(index))) continue;
    live.push(operator);
    for (const index of readInputs(operator)) wanted.add(index);
  }
  return live.reverse();
}
