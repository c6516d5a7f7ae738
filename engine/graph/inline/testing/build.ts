import type { FunctionDef, Graph, Model, Node } from "#engine/onnx/model.ts";
import { model, node } from "#engine/passes/testing/build.ts";

/** A call of a local function. */
export function call(
  name: string,
  input: string[],
  output: string[],
  attribute: Node["attribute"] = [],
): Node {
  return { ...node(name, input, output, attribute), domain: "local" };
}

/** A local function of opset 17. */
export function body(
  name: string,
  input: string[],
  output: string[],
  nodes: Node[],
  more: Partial<FunctionDef> = {},
): FunctionDef {
  return {
    name,
    domain: "local",
    input,
    output,
    node: nodes,
    opsetImport: [
      { domain: "", version: 17 },
      { domain: "local", version: 1 },
    ],
    ...more,
  };
}

/** A model of opset 17 with local functions. */
export function withFunctions(main: Graph, functions: FunctionDef[], opset = 17): Model {
  const made = model(main, opset);
  made.opsetImport.push({ domain: "local", version: 1 });
  made.functions = functions;
  return made;
}
