import type { Value } from "#engine/graph/index.ts";
import { topologicalOrder } from "#engine/graph/order.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { byteView } from "#engine/onnx/make.ts";
import type { Attribute, Node, Tensor } from "#engine/onnx/model.ts";
import { readTensor } from "#engine/onnx/tensor.ts";
import { say } from "#engine/say.ts";
import { isStandard } from "../domains.ts";
import { reportName } from "../pass.ts";
import { type Draft, isRead, type Part, tensorOf } from "./draft.ts";
import { isDeterministic } from "./operators.ts";
import { Rewiring } from "./rewiring.ts";
import { hashOf, sameBytes } from "./tensor-bytes.ts";

/** Tensors are the same objects from round to round. */
const hashes = new WeakMap<Tensor, number>();

/** Keeps one of equal weights, in the outermost graph that has one, where the other's readers can see it. */
export const mergeInitializers: Part = (draft) => {
  const kept = new Map<string, Value[]>();
  const rewiring = new Rewiring(draft);
  const shapes = countShapes(draft);
  const gone = new Set<Tensor>();
  for (const scope of draft.scopes) {
    for (const value of draft.index.values(scope).values()) {
      const tensor = value.producer === undefined ? tensorOf(value) : undefined;
      if (tensor === undefined || (shapes.get(shapeKey(tensor)) ?? 0) < 2) continue;
      const bytes = bytesOf(tensor);
      if (bytes === undefined) continue;
      const hash = hashes.get(tensor) ?? hashOf(bytes);
      hashes.set(tensor, hash);
      const key = `${shapeKey(tensor)}#${hash}`;
      const list = kept.get(key) ?? [];
      kept.set(key, list);
      const same = list.find((other) => sees(scope, other.scope) && isSame(other, bytes));
      if (same === undefined || value.isOutput || rewiring.obstacle(value, same) !== undefined) {
        list.push(value);
        continue;
      }
      rewiring.redirect(value, same);
      gone.add(tensor);
      draft.log.changed("merge_duplicates", value.name, say("simplify.equalConstant", { other: same.name }));
    }
  }
  if (gone.size === 0) return;
  for (const { graph } of draft.scopes)
    graph.initializer = graph.initializer.filter((tensor) => !gone.has(tensor));
  rewiring.apply();
};

function isSame(other: Value, bytes: Uint8Array): boolean {
  const found = other.initializer === undefined ? undefined : bytesOf(other.initializer);
  return found !== undefined && sameBytes(found, bytes);
}

function shapeKey(tensor: Tensor): string {
  return `${tensor.dataType}[${tensor.dims.join()}]`;
}

/** Most weights are alone in their shape and need no look at their bytes. */
function countShapes(draft: Draft): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { graph } of draft.scopes) {
    for (const tensor of graph.initializer)
      counts.set(shapeKey(tensor), (counts.get(shapeKey(tensor)) ?? 0) + 1);
  }
  return counts;
}

function bytesOf(tensor: Tensor): Uint8Array | undefined {
  if (tensor.stringData !== undefined) return undefined;
  const values = readTensor(tensor);
  return byteView(values);
}

function sees(from: Scope, wanted: Scope): boolean {
  for (let at: Scope | undefined = from; at !== undefined; at = at.parent) if (at === wanted) return true;
  return false;
}

interface Computed {
  readonly node: Node;
  readonly outputs: readonly (Value | undefined)[];
  /** Position among the nodes of its graph. */
  readonly at: number;
}

/** Keeps one of several nodes that compute the same from the same, in one graph or in those around it. */
export const mergeNodes: Part = (draft) => {
  const rewiring = new Rewiring(draft);
  const ids = new Map<Value, number>();
  const idOf = (value: Value) => {
    const id = ids.get(value) ?? ids.size;
    ids.set(value, id);
    return id;
  };
  const tables = new Map<Scope, Map<string, Computed>>();
  const positions = new Map<Node, number>();
  for (const scope of draft.scopes) {
    const table = new Map<string, Computed>();
    tables.set(scope, table);
    for (const [at, node] of topologicalOrder(scope.body).sorted.entries()) {
      positions.set(node, at);
      const key = nodeKey(draft, scope, node, (value) => idOf(rewiring.final(value)));
      if (key === undefined) continue;
      const own = node.output.map((name) => draft.index.values(scope).get(name));
      const twin = table.get(key) ?? outerTwin(scope, key, tables, positions);
      if (twin === undefined || !stands(rewiring, own, twin)) {
        if (!table.has(key)) table.set(key, { node, outputs: own, at });
        continue;
      }
      own.forEach((value, position) => {
        const target = twin.outputs[position];
        if (isRead(value) && value !== undefined && target !== undefined) rewiring.redirect(value, target);
      });
      rewiring.remove(node);
      draft.log.changed(
        "merge_duplicates",
        reportName(node),
        say("simplify.equalNode", { op: node.opType, other: reportName(twin.node) }),
      );
    }
  }
  rewiring.apply();
};

/** A node of a graph around this one that runs before the node that holds it. */
function outerTwin(
  scope: Scope,
  key: string,
  tables: ReadonlyMap<Scope, ReadonlyMap<string, Computed>>,
  positions: ReadonlyMap<Node, number>,
): Computed | undefined {
  for (let at = scope; at.parent !== undefined && at.owner !== undefined; at = at.parent) {
    const found = tables.get(at.parent)?.get(key);
    if (found !== undefined && found.at < (positions.get(at.owner) ?? 0)) return found;
  }
  return undefined;
}

function stands(rewiring: Rewiring, own: readonly (Value | undefined)[], twin: Computed): boolean {
  return own.every((value, position) => {
    if (value === undefined || !isRead(value)) return true;
    const target = twin.outputs[position];
    return target !== undefined && rewiring.obstacle(value, target) === undefined;
  });
}

function nodeKey(draft: Draft, scope: Scope, node: Node, idOf: (value: Value) => number): string | undefined {
  if (!isStandard(node) || !isDeterministic(node.opType)) return undefined;
  const inputs: (number | "")[] = [];
  for (const name of node.input) {
    const value = name === "" ? undefined : draft.index.resolve(scope, name);
    if (name !== "" && value === undefined) return undefined;
    inputs.push(value === undefined ? "" : idOf(value));
  }
  while (inputs.at(-1) === "") inputs.pop();
  const attributes: string[] = [];
  for (const attribute of node.attribute) {
    const text = attributeKey(attribute);
    if (text === undefined) return undefined;
    attributes.push(text);
  }
  return JSON.stringify([node.opType, inputs, attributes.sort()]);
}

/** Tensors in attributes are compared up to this size: they are fill values and small constants. */
const longestTensor = 4096;

/** Name and value as text; undefined for what is not compared, such as graphs. */
function attributeKey({ name, f, i, s, t, floats, ints, strings, ...rest }: Attribute): string | undefined {
  const { type: _type, docString: _doc, ...others } = rest;
  if (Object.values(others).some((value) => value !== undefined)) return undefined;
  if (t !== undefined) {
    const bytes = bytesOf(t);
    return bytes === undefined || bytes.length > longestTensor
      ? undefined
      : JSON.stringify([name, shapeKey(t), bytes.join()]);
  }
  const exact = (value: number) => (Object.is(value, -0) ? "-0" : String(value));
  return JSON.stringify([
    name,
    f === undefined ? null : exact(f),
    i === undefined ? null : String(i),
    s === undefined ? null : s.join(),
    (floats ?? []).map(exact),
    (ints ?? []).map(String),
    (strings ?? []).map((bytes) => bytes.join()),
  ]);
}
