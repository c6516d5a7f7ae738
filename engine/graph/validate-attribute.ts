import { EngineError } from "#engine/error.ts";
import { type Attribute, attributeType, type Node } from "#engine/onnx/model.ts";
import { quote } from "#engine/onnx/quote.ts";
import { sparseProblems, tensorProblems } from "./validate-tensor.ts";

/** The field that holds the value of each attribute type. */
const fieldOfType = new Map<number, keyof Attribute>([
  [attributeType.float, "f"],
  [attributeType.int, "i"],
  [attributeType.string, "s"],
  [attributeType.tensor, "t"],
  [attributeType.graph, "g"],
  [attributeType.floats, "floats"],
  [attributeType.ints, "ints"],
  [attributeType.strings, "strings"],
  [attributeType.tensors, "tensors"],
  [attributeType.graphs, "graphs"],
  [attributeType.sparseTensor, "sparseTensor"],
  [attributeType.sparseTensors, "sparseTensors"],
  [attributeType.typeProto, "tp"],
  [attributeType.typeProtos, "typeProtos"],
]);
const valueFields = [...fieldOfType.values()];
/** proto3 writers leave these out where they are zero or empty. */
const mayBeAbsent = new Set<keyof Attribute>([
  "f",
  "i",
  "s",
  "floats",
  "ints",
  "strings",
  "tensors",
  "graphs",
  "sparseTensors",
  "typeProtos",
]);

/** Attributes with one name, one value, and the value that their type announces. */
export function* attributeProblems(node: Node, place: string, inFunction: boolean): Generator<EngineError> {
  const seen = new Set<string>();
  for (const attribute of node.attribute) {
    const here = `${place}, attribute ${quote(attribute.name)}`;
    const fail = (message: string) => new EngineError("malformed", message, here);
    if (attribute.name === "") yield fail("An attribute has no name");
    if (seen.has(attribute.name)) yield fail("An attribute stands twice");
    seen.add(attribute.name);
    if (attribute.refAttrName) {
      if (!inFunction) yield fail("An attribute refers to a function's attribute outside of a function");
      continue;
    }
    yield* valueProblems(attribute, fail);
    for (const tensor of [...(attribute.t ? [attribute.t] : []), ...(attribute.tensors ?? [])]) {
      yield* tensorProblems(tensor, here);
    }
    const sparse = [
      ...(attribute.sparseTensor ? [attribute.sparseTensor] : []),
      ...(attribute.sparseTensors ?? []),
    ];
    for (const tensor of sparse) yield* sparseProblems(tensor, here);
  }
}

function* valueProblems(
  attribute: Attribute,
  fail: (message: string) => EngineError,
): Generator<EngineError> {
  const present = valueFields.filter((field) => attribute[field] !== undefined);
  // IR version 1 had no type: the one field that is there is the value.
  const type = attribute.type ?? attributeType.undefined;
  if (type === attributeType.undefined) {
    if (present.length !== 1) yield fail(`An attribute without a type has ${present.length} values`);
    return;
  }
  const field = fieldOfType.get(type);
  if (field === undefined) yield fail(`Attribute type ${type} is not known`);
  else if (attribute[field] === undefined && !mayBeAbsent.has(field)) yield fail("The value is missing");
  const others = present.filter((name) => name !== field);
  if (others.length > 0) yield fail(`The value is given as ${others.join(", ")} too, against its type`);
}
