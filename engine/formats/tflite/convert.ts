import { EngineError } from "#engine/error.ts";
import { makeGraph, makeModel, makeValue } from "#engine/onnx/build.ts";
import type { Model } from "#engine/onnx/model.ts";
import { own } from "#engine/own.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { type Convert, Missing } from "../source.ts";
import { batchObstacle } from "./batch.ts";
import { withDilations } from "./dilation.ts";
import { liveOperators } from "./live.ts";
import { converters } from "./operators/index.ts";
import type { LiteGraph, LiteOperator, LiteTensor } from "./reader/lite-model.ts";
import { readLiteModel } from "./reader/read-model.ts";
import { readFiles } from "./source-file.ts";
import { enter } from "./writer/ends.ts";
import { finish } from "./writer/finish.ts";
import { GraphWriter } from "./writer/graph-writer.ts";
import { integerForm } from "./writer/integers.ts";
import { Refusal, Site } from "./writer/site.ts";

/** Name of the open first dimension. */
const batchName = "batch";

/** A TensorFlow Lite model (one `.tflite` file) as an ONNX graph; see `docs/engine/formats/tensorflow-lite.md`. */
export const convertTensorFlowLite: Convert = (files) => {
  const bytes = readFiles(files);
  const { graph, others } = readLiteModel(bytes);
  const live = withDilations(graph, liveOperators(graph));
  checkInputs(graph);
  const obstacle = batchObstacle(graph, live);
  const writer = new GraphWriter(graph, obstacle === undefined, bytes.length);
  enter(writer);
  writeOperators(writer, live);
  const notes = [
    ...(others > 0 ? [say("tflite.otherSubgraphs", { count: others })] : []),
    ...(obstacle === undefined ? [] : [say("tflite.oneItem", { place: obstacle })]),
    ...remarks(graph, live),
  ];
  return { model: modelOf(writer), operators: counts(graph.operators), notes };
};

/** Only the first dimension can be open: other sizes are not known before somebody chooses them. */
function checkInputs(graph: LiteGraph): void {
  for (const index of graph.inputs) {
    const tensor = graph.tensors[index];
    const open = tensor?.signature?.findIndex((dim, axis) => dim < 0 && axis > 0) ?? -1;
    if (tensor !== undefined && open > 0)
      throw new EngineError("unsupported", `Dimension ${open} of this input is open`, tensor.place);
  }
}

function writeOperators(writer: GraphWriter, operators: readonly LiteOperator[]): void {
  const missing = new Missing();
  for (const operator of operators) {
    const converter = own(converters, operator.name);
    if (converter === undefined) {
      missing.add(operator.name, operator.place);
      continue;
    }
    try {
      converter(new Site(writer, operator));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      missing.add(error.message, operator.place);
    }
  }
  missing.check();
}

function counts(operators: readonly LiteOperator[]): Record<string, number> {
  const counted = new Map<string, number>();
  for (const { name } of operators) counted.set(name, (counted.get(name) ?? 0) + 1);
  return Object.fromEntries(counted);
}

function modelOf(writer: GraphWriter): Model {
  const { graph, batch, opset } = writer;
  const infoOf = (tensor: LiteTensor, name: string) => {
    const dims = tensor.shape.map((dim, axis) => (batch && axis === 0 ? batchName : dim));
    return makeValue(name, tensor.type, dims);
  };
  const tensorsOf = (indices: readonly number[]) => indices.flatMap((index) => graph.tensors[index] ?? []);
  const inputs = tensorsOf(graph.inputs).map((tensor) => infoOf(tensor, writer.outerName(tensor)));
  const outputs = tensorsOf(graph.outputs);
  const names = finish(writer, outputs);
  return makeModel(
    makeGraph({
      name: "tensorflow-lite",
      node: writer.nodes,
      input: inputs,
      output: outputs.map((tensor, item) => infoOf(tensor, names[item] ?? "")),
      initializer: [...writer.initializers.values()],
    }),
    // The least version of the file format that may name the operator set.
    { opset, irVersion: opset > 18 ? 10 : 8 },
  );
}

function remarks(graph: LiteGraph, operators: readonly LiteOperator[]): EngineRemark[] {
  const found: EngineRemark[] = [];
  const used = new Set(operators.flatMap(({ inputs }) => inputs));
  const halves = graph.tensors.filter(
    ({ index, type, data }) => used.has(index) && type === "float16" && data,
  );
  if (halves.length > 0) found.push(say("tflite.floatWeights", { count: halves.length }));
  const hybrid = operators.filter(({ inputs: [x = -1, w = -1] }) => {
    const [input, weight] = [graph.tensors[x], graph.tensors[w]];
    return input?.type === "float32" && weight?.data !== undefined && integerForm(weight) !== undefined;
  });
  if (hybrid.length > 0) found.push(say("tflite.hybrid", { count: hybrid.length }));
  for (const { inputs, place } of operators)
    if (inputs.some((index) => graph.tensors[index]?.isVariable)) found.push(say("tflite.state", { place }));
  return found;
}
