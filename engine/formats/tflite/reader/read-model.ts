import { EngineError } from "#engine/error.ts";
import { plain } from "#engine/onnx/quote.ts";
import { builtinName, placeholder } from "./builtins.ts";
import { FlatFile, type FlatTable } from "./flat.ts";
import type { LiteGraph, LiteModel, LiteOperator, LiteTensor } from "./lite-model.ts";
import { Buffers, readTensor } from "./read-tensor.ts";

const ascii = new TextDecoder("latin1");

/**
 * Reads a TensorFlow Lite model: the first subgraph, with constants as views into `bytes`. Metadata, signatures and
 * descriptions are passed over.
 *
 * @throws EngineError "not-a-model", "truncated", "malformed", "limit-exceeded", "unsupported"
 */
export function readLiteModel(bytes: Uint8Array): LiteModel {
  checkMagic(bytes);
  const file = new FlatFile(bytes);
  const root = file.root("the model");
  const version = root.uint(0, "version");
  if (version !== 3)
    throw new EngineError("unsupported", `Its schema has version ${version}; 3 is known`, "the model");
  const codes = root.tables(1, "operator_codes", (item) => `operator code ${item}`).map(operatorName);
  const subgraphs = root.tables(2, "subgraphs", (item) => `subgraph ${item}`);
  const buffers = root.tables(4, "buffers", (item) => `buffer ${item}`);
  const [first] = subgraphs;
  if (first === undefined) throw new EngineError("malformed", "It has no subgraph", "the model");
  return { graph: readGraph(first, codes, new Buffers(file, buffers)), others: subgraphs.length - 1 };
}

function checkMagic(bytes: Uint8Array): void {
  const start = ascii.decode(bytes.subarray(0, 24));
  if (start.startsWith("version https://git-lfs"))
    throw new EngineError(
      "not-a-model",
      "It is a Git LFS pointer, not the file it stands for: fetch the file with `git lfs pull`",
    );
  if (bytes.length < 8 || start.slice(4, 8) !== "TFL3")
    throw new EngineError("not-a-model", "It is no TensorFlow Lite model: bytes 4 to 7 are not TFL3");
}

/** Codes above a byte's range stand in a field of their own; older files only have the byte. */
function operatorName(table: FlatTable): string {
  const code = Math.max(table.byte(0, 0, "deprecated_builtin_code"), table.int(3, 0, "builtin_code"));
  if (code < 0 || code === placeholder)
    throw new EngineError("malformed", `There is no operator ${code}`, table.place);
  const name = builtinName(code);
  return name === "CUSTOM" ? `CUSTOM ${plain(table.string(1, "custom_code") ?? "")}` : name;
}

function readGraph(table: FlatTable, codes: readonly string[], buffers: Buffers): LiteGraph {
  const tensors = table
    .tables(0, "tensors", (item) => `tensor ${item}`)
    .map((tensor, index) => readTensor(tensor, index, buffers));
  const indices = (list: readonly number[], least: number, place: string) => {
    for (const index of list)
      if (index < least || index >= tensors.length)
        throw new EngineError("malformed", `There is no tensor ${index}`, place);
    return list;
  };
  const operators = table
    .tables(3, "operators", (item) => `operator ${item}`)
    .map((operator): LiteOperator => {
      const code = operator.uint(0, "opcode_index");
      const name = codes[code];
      if (name === undefined)
        throw new EngineError("malformed", `There is no operator code ${code}`, operator.place);
      const place = `${operator.place}, ${name}`;
      return {
        name,
        inputs: indices(operator.ints(1, "inputs") ?? [], -1, place),
        outputs: indices(operator.ints(2, "outputs") ?? [], 0, place),
        options: operator.table(4, "builtin_options"),
        place,
      };
    });
  const inputs = indices(table.ints(1, "inputs") ?? [], 0, "inputs");
  const outputs = indices(table.ints(2, "outputs") ?? [], 0, "outputs");
  checkOrder(tensors, inputs, operators);
  return { tensors, inputs, outputs, operators };
}

/** Every tensor is made once, before it is read: so that nothing after this has to look for cycles. */
function checkOrder(
  tensors: readonly LiteTensor[],
  inputs: readonly number[],
  operators: readonly LiteOperator[],
): void {
  const made = new Set<number>();
  const make = (index: number, place: string) => {
    const tensor = tensors[index];
    if (made.has(index) || tensor?.data !== undefined)
      throw new EngineError("malformed", `It makes tensor ${index}, which is made already`, place);
    made.add(index);
  };
  for (const index of inputs) make(index, "inputs");
  for (const { inputs: reads, outputs, place } of operators) {
    for (const index of reads) {
      const tensor = tensors[index];
      if (tensor === undefined || made.has(index) || tensor.data !== undefined || tensor.isVariable) continue;
      // Constants without values exist: an empty shape list of RESHAPE, for one.
      if (tensor.shape.includes(0)) continue;
      throw new EngineError("malformed", `It reads tensor ${index} before anything makes it`, place);
    }
    for (const index of outputs) make(index, place);
  }
}
