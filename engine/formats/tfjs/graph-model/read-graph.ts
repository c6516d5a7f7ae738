import { plain, quote } from "#engine/onnx/quote.ts";
import type { ModelJson } from "../artifact/artifact.schema.ts";
import { faultOf, malformed } from "../artifact/fault.ts";
import { batch, type Dim, type SignalType } from "../graph/signal.ts";
import { Refused } from "../layers/call.ts";
import { Attributes, typeOf } from "./attributes.ts";
import { placeOf } from "./call.ts";
import { graphJson, type NodeJson, type ShapeJson, signatureJson } from "./graph.schema.ts";

/** Which output of which node. */
export interface Edge {
  readonly node: string;
  readonly output: number;
}

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly place: string;
  readonly inputs: readonly Edge[];
  readonly attributes: Attributes;
}

/** An input or output under the name by which callers know it. */
export interface Port {
  readonly name: string;
  readonly edge: Edge;
  readonly shape?: ShapeJson;
  readonly dtype?: SignalType;
}

export interface SourceGraph {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** Nodes that give no value. */
const silent = new Set(["NoOp", "Assert", "Const"]);

/**
 * The graph of a GraphModel. Edges that only order nodes are left out. Inputs and outputs are those of the signature; without
 * one the placeholders, and the nodes that none reads, as TensorFlow.js takes them (tfjs-converter, `operation_mapper.ts`).
 *
 * @throws EngineError "malformed"
 */
export function readGraph(json: ModelJson): SourceGraph {
  const read = graphJson.safeParse(json.modelTopology);
  if (!read.success) throw faultOf(read.error, "modelTopology");
  const nodes = new Map<string, GraphNode>();
  const isRead = new Set<string>();
  for (const node of read.data.node) {
    if (nodes.has(node.name)) throw malformed("Two nodes have this name", placeOf(node.name, plain(node.op)));
    nodes.set(node.name, nodeOf(node));
    for (const name of node.input ?? []) isRead.add(edgeOf(name.replace(/^\^/, "")).node);
  }
  const { inputs, outputs } = signatureOf(json);
  const placeholders = [...nodes.values()].filter(({ op }) => op.startsWith("Placeholder"));
  const ends = [...nodes.values()].filter(({ name, op }) => !isRead.has(name) && !silent.has(op));
  const port = ({ name }: GraphNode): Port => ({ name, edge: { node: name, output: 0 } });
  const ins = inputs.length > 0 ? inputs : placeholders.map(port);
  const outs = outputs.length > 0 ? outputs : ends.map(port);
  const graph = { nodes, inputs: ins, outputs: apart(ins, outs) };
  for (const { edge, name } of [...graph.inputs, ...graph.outputs]) {
    if (!nodes.has(edge.node))
      throw malformed(`The signature names node ${quote(edge.node)}, which is not there`, quote(name));
  }
  if (graph.outputs.length === 0) throw malformed("It has no outputs", "modelTopology");
  return graph;
}

/** An input that is an output as well has another name there. */
function apart(inputs: readonly Port[], outputs: readonly Port[]): Port[] {
  const taken = new Set(inputs.map(({ name }) => name));
  return outputs.map((port) => {
    let { name } = port;
    for (let number = 0; taken.has(name); number++) name = `${port.name}_output${number === 0 ? "" : number}`;
    taken.add(name);
    return { ...port, name };
  });
}

function nodeOf({ name, op, input, attr }: NodeJson): GraphNode {
  const place = placeOf(name, plain(op));
  const inputs = (input ?? []).filter((edge) => !edge.startsWith("^")).map(edgeOf);
  return { name, op, place, inputs, attributes: new Attributes(attr ?? {}, place) };
}

function edgeOf(text: string): Edge {
  const [node = "", ...rest] = text.split(":");
  const output = Number(rest.at(-1) ?? 0);
  if (!Number.isInteger(output) || output < 0) throw malformed("An edge has no number", quote(text));
  return { node, output };
}

/** In newer files beside the topology, in older ones among the metadata. */
function signatureOf({ signature, userDefinedMetadata }: ModelJson): { inputs: Port[]; outputs: Port[] } {
  const older =
    typeof userDefinedMetadata === "object" &&
    userDefinedMetadata !== null &&
    "signature" in userDefinedMetadata
      ? userDefinedMetadata.signature
      : undefined;
  const read = signatureJson.safeParse(signature ?? older ?? {});
  if (!read.success) throw faultOf(read.error, "signature");
  const ports = (entries: (typeof read.data)["inputs"]) =>
    Object.entries(entries ?? {}).map(([name, entry]): Port => {
      const dtype = typeOf(entry.dtype);
      return {
        name,
        edge: edgeOf(entry.name ?? name),
        ...(entry.tensorShape && { shape: entry.tensorShape }),
        ...(dtype && { dtype }),
      };
    });
  return { inputs: ports(read.data.inputs), outputs: ports(read.data.outputs) };
}

/** The dimensions of an input: open ones get a name, the first the batch's. */
export function inputDims(port: Port, node: GraphNode): Dim[] {
  const shape = port.shape ?? node.attributes.shape("shape");
  if (shape === undefined || shape.unknownRank)
    throw new Refused("Inputs whose number of dimensions is open");
  return (shape.dim ?? []).map(({ size }, axis) => {
    if (size == null || size < 0) return axis === 0 ? batch : `${port.name}_${axis}`;
    if (size === 0) throw malformed("A dimension of this input is 0", node.place);
    return size;
  });
}
