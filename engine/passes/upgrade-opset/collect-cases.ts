import type { Node, Tensor } from "#engine/onnx/model.ts";
import type { Case } from "./adapter-cases.ts";

/** A table of cases, and what adds one to it. */
export function collect() {
  const cases: Record<string, Case> = {};
  const add = (
    name: string,
    opset: number,
    x: number[],
    nodes: Node[],
    initializer: Tensor[] = [],
    tolerance = 0,
  ): void => {
    cases[name] = { opset, x, nodes, initializer, tolerance };
  };
  return { cases, add };
}
