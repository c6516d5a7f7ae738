import { malformed } from "../artifact/fault.ts";
import { maxCalls } from "../artifact/limits.ts";
import type { Call, Ref } from "./network.ts";
import { kerasTensor, reference } from "./topology.schema.ts";

/** Lists in lists of references: a call has few levels. */
const maxNesting = 8;

/**
 * The calls of a layer, in both forms: lists `[name, call, tensor, keywords]` of Keras 2 and objects with
 * `__keras_tensor__` of Keras 3.
 */
export function callsOf(nodes: readonly unknown[], place: string): Call[] {
  return nodes.map((node) => (Array.isArray(node) ? listedCall(node, place) : describedCall(node, place)));
}

/** `input_layers` and `output_layers`: one reference, or lists of them. */
export function refsOf(value: unknown, place: string): Ref[] {
  const refs: Ref[] = [];
  gatherListed(value, refs, new Set(), place, 0);
  return refs;
}

function listedCall(node: readonly unknown[], place: string): Call {
  const inputs: Ref[] = [];
  const extras = new Set<string>();
  gatherListed(node, inputs, extras, place, 0);
  return { inputs, extras: [...extras] };
}

function gatherListed(value: unknown, refs: Ref[], extras: Set<string>, place: string, depth: number): void {
  if (depth > maxNesting || refs.length > maxCalls)
    throw malformed("Its inputs are nested too deeply", place);
  const read = reference.safeParse(value);
  if (read.success) {
    const [layer, call, tensor, keywords] = read.data;
    refs.push({ layer, call, tensor });
    for (const name of extrasOf(keywords)) extras.add(name);
    return;
  }
  if (typeof value !== "object" || value === null || isReferenceLike(value)) {
    throw malformed("An input is not written as [layer, call, tensor]", place);
  }
  for (const item of Object.values(value)) gatherListed(item, refs, extras, place, depth + 1);
}

/** A constant in the place of a layer, or a reference with wrong numbers. */
function isReferenceLike(value: object): boolean {
  return Array.isArray(value) && typeof value[0] === "string";
}

/** Keywords that hold more than a plain value: such as a mask, another layer's value. */
function extrasOf(keywords: unknown): string[] {
  if (typeof keywords !== "object" || keywords === null) return [];
  return Object.entries(keywords)
    .filter(([, value]) => typeof value === "object" && value !== null && Object.keys(value).length > 0)
    .map(([name]) => name);
}

function describedCall(node: unknown, place: string): Call {
  const inputs: Ref[] = [];
  const extras: string[] = [];
  if (typeof node !== "object" || node === null)
    throw malformed("A call of this layer is not an object", place);
  gatherTensors("args" in node ? node.args : [], inputs, place, 0);
  const keywords = "kwargs" in node && typeof node.kwargs === "object" ? (node.kwargs ?? {}) : {};
  for (const [name, value] of Object.entries(keywords)) {
    const found: Ref[] = [];
    gatherTensors(value, found, place, 0);
    // States are inputs like others; whoever takes them counts them.
    if (name === "initial_state" || name === "inputs") inputs.push(...found);
    else if (found.length > 0) extras.push(name);
  }
  return { inputs, extras };
}

function gatherTensors(value: unknown, refs: Ref[], place: string, depth: number): void {
  if (typeof value !== "object" || value === null) return;
  if (depth > maxNesting || refs.length > maxCalls)
    throw malformed("Its inputs are nested too deeply", place);
  const read = kerasTensor.safeParse(value);
  if (read.success) {
    const [layer, call, tensor] = read.data.config.keras_history;
    refs.push({ layer, call, tensor });
    return;
  }
  if ("class_name" in value && value.class_name === "__keras_tensor__") {
    throw malformed("A value among its inputs has no history", place);
  }
  for (const item of Object.values(value)) gatherTensors(item, refs, place, depth + 1);
}
