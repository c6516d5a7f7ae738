import { EngineError } from "#engine/error.ts";
import { type Attribute, attributeType, type Graph, type Node, type Tensor } from "./model.ts";
import { plain, quote } from "./quote.ts";

const utf8 = new TextDecoder("utf-8");
const toUtf8 = new TextEncoder();

export function findAttribute(node: Node, name: string): Attribute | undefined {
  return node.attribute.find((attribute) => attribute.name === name);
}

function wrongType(node: Node, name: string, wanted: string): EngineError {
  return new EngineError(
    "malformed",
    `Attribute "${name}" of ${plain(node.opType)} is not ${wanted}`,
    node.name ? `node ${quote(node.name)}` : `the node that makes ${quote(node.output[0] ?? "")}`,
  );
}

/** Value of an int attribute, or undefined where the node does not have it. */
export function intAttribute(node: Node, name: string): bigint | undefined {
  const attribute = findAttribute(node, name);
  if (attribute === undefined) return undefined;
  if (attribute.i === undefined) {
    // proto3 writers leave a zero out; the type still says that it is an int.
    if (attribute.type === attributeType.int) return 0n;
    throw wrongType(node, name, "an integer");
  }
  return attribute.i;
}

/** As `intAttribute`, for values such as an axis that are small by nature. */
export function smallIntAttribute(node: Node, name: string): number | undefined {
  const value = intAttribute(node, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw wrongType(node, name, "a reasonable integer");
  return number;
}

export function intsAttribute(node: Node, name: string): bigint[] | undefined {
  const attribute = findAttribute(node, name);
  if (attribute === undefined) return undefined;
  if (attribute.ints === undefined) {
    if (attribute.type === attributeType.ints) return [];
    throw wrongType(node, name, "a list of integers");
  }
  return attribute.ints;
}

/** As `intsAttribute`; values outside ±2^53 (Slice writes ±2^63 for "to the end") become ±2^53. */
export function smallIntsAttribute(node: Node, name: string): number[] | undefined {
  return intsAttribute(node, name)?.map(clampToSafe);
}

function clampToSafe(value: bigint): number {
  const number = Number(value);
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, number));
}

export function floatAttribute(node: Node, name: string): number | undefined {
  const attribute = findAttribute(node, name);
  if (attribute === undefined) return undefined;
  if (attribute.f === undefined) {
    if (attribute.type === attributeType.float) return 0;
    throw wrongType(node, name, "a float");
  }
  return attribute.f;
}

export function stringAttribute(node: Node, name: string): string | undefined {
  const attribute = findAttribute(node, name);
  if (attribute === undefined) return undefined;
  if (attribute.s === undefined) {
    if (attribute.type === attributeType.string) return "";
    throw wrongType(node, name, "a string");
  }
  return utf8.decode(attribute.s);
}

export function tensorAttribute(node: Node, name: string): Tensor | undefined {
  return findAttribute(node, name)?.t;
}

/** Graphs in the attributes of a node, in order: the branches of If, the body of Loop or Scan. */
export function subgraphs(node: Node): Graph[] {
  const graphs: Graph[] = [];
  for (const attribute of node.attribute) {
    if (attribute.g) graphs.push(attribute.g);
    if (attribute.graphs) graphs.push(...attribute.graphs);
  }
  return graphs;
}

export function makeInt(name: string, value: number | bigint): Attribute {
  return { name, i: BigInt(value), type: attributeType.int };
}

export function makeInts(name: string, values: readonly (number | bigint)[]): Attribute {
  return { name, ints: values.map(BigInt), type: attributeType.ints };
}

/** The value is rounded to float32, as the file stores it. */
export function makeFloat(name: string, value: number): Attribute {
  return { name, f: Math.fround(value), type: attributeType.float };
}

export function makeString(name: string, value: string): Attribute {
  return { name, s: toUtf8.encode(value), type: attributeType.string };
}

export function makeTensorAttribute(name: string, value: Tensor): Attribute {
  return { name, t: value, type: attributeType.tensor };
}

/** Replaces the attribute of the same name, or appends it. */
export function setAttribute(node: Node, attribute: Attribute): void {
  const at = node.attribute.findIndex((existing) => existing.name === attribute.name);
  if (at < 0) node.attribute.push(attribute);
  else node.attribute[at] = attribute;
}

export function removeAttribute(node: Node, name: string): void {
  node.attribute = node.attribute.filter((attribute) => attribute.name !== name);
}

/** A node as passes build it; "" among inputs leaves an optional input out. */
export function makeNode(
  opType: string,
  input: string[],
  output: string[],
  options: { name?: string; domain?: string; attribute?: Attribute[] } = {},
): Node {
  return {
    input,
    output,
    opType,
    attribute: options.attribute ?? [],
    name: options.name,
    domain: options.domain,
  };
}
