import { expect, it } from "vitest";
import type { Model, Node, Tensor, ValueInfo } from "#engine/onnx/model.ts";
import type { SimplifyOptions } from "../../simplify.schema.ts";
import { graph, model, node, opTypes, value } from "../../testing/build.ts";
import type { Comparer } from "../../testing/compare.ts";
import { simplified } from "./run.ts";

export interface Case {
  x: (number | string)[];
  nodes: Node[];
  weights?: Tensor[];
  opset?: number;
  /** Outputs of the graph, `y` by default. */
  outputs?: ValueInfo[];
  /** Operators of the main graph afterwards. */
  ops: string[];
  options?: Partial<SimplifyOptions>;
  /** Largest difference from the original's outputs, 0 by default. */
  tolerance?: number;
  dims?: Record<string, number>;
}

/** A model with the input `x`. */
export const build = ({
  x,
  nodes,
  weights = [],
  opset = 17,
  outputs = [{ name: "y", type: { tensorType: { elemType: 1 } } }],
}: Case): Model =>
  model(graph({ input: [value("x", x)], output: outputs, node: nodes, initializer: weights }), opset);

export const any = (name: string, elemType = 1): ValueInfo => ({ name, type: { tensorType: { elemType } } });
export const relu = (from: string, to = "y") => node("Relu", [from], [to]);

/** Each case becomes what it says, computes the same in ONNX Runtime, and stays so when simplified again. */
export function itSimplifies(comparer: Comparer, cases: Readonly<Record<string, Case>>): void {
  it.each(Object.entries(cases))("%s", async (_, entry) => {
    const source = build(entry);
    const { model: changed } = await simplified(source, entry.options);
    expect(opTypes(changed.graph)).toEqual(entry.ops);
    expect((await simplified(changed, entry.options)).result.changed).toEqual([]);
    const { error, outputs } = await comparer.compare(source, changed, { dims: entry.dims });
    expect(error).toBeUndefined();
    expect(outputs.map((output) => output.name)).toEqual(source.graph.output.map((output) => output.name));
    for (const output of outputs) expect(output.maxAbs).toBeLessThanOrEqual(entry.tolerance ?? 0);
  });
}
