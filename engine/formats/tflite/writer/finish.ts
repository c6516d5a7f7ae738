import type { Node } from "#engine/onnx/model.ts";
import type { LiteTensor } from "../reader/lite-model.ts";
import { leave } from "./ends.ts";
import type { GraphWriter } from "./graph-writer.ts";
import { isShifted } from "./integers.ts";

/**
 * Gives every output a node of its own, since one may be an input, a constant, or the same as another; then drops nodes and
 * constants that nothing reads, such as dequantised weights that a kernel took as they were stored.
 *
 * @returns the names of the outputs
 */
export function finish(writer: GraphWriter, outputs: readonly LiteTensor[]): string[] {
  const given = new Set(writer.graph.inputs.flatMap((index) => writer.graph.tensors[index] ?? []));
  const names = outputs.map((tensor) => {
    const outer = writer.outerName(tensor);
    const isFree = tensor.data === undefined && !given.has(tensor);
    const name = isFree ? outer : writer.fresh(`${outer}/output`);
    given.add(tensor);
    if (isShifted(tensor)) leave(writer, tensor, name);
    else if (!isFree) writer.add("Identity", [writer.value(tensor)], [name], []);
    return name;
  });
  const wanted = new Set(names);
  const kept: Node[] = [];
  for (const node of writer.nodes.toReversed()) {
    if (!node.output.some((output) => wanted.has(output))) continue;
    kept.push(node);
    for (const input of node.input) wanted.add(input);
  }
  writer.nodes.length = 0;
  for (const node of kept.reverse()) writer.nodes.push(node);
  for (const name of writer.initializers.keys()) if (!wanted.has(name)) writer.initializers.delete(name);
  return names;
}
