import { EngineError } from "#engine/error.ts";
import type { ModelIndex, Value } from "#engine/graph/index.ts";
import { topologicalOrder } from "#engine/graph/order.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { functionKey, localFunctions } from "#engine/graph/scope.ts";
import { subgraphs } from "#engine/onnx/attributes.ts";
import type { Model, Node } from "#engine/onnx/model.ts";
import { plain } from "#engine/onnx/quote.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { isStandard } from "../domains.ts";
import { sizeRules } from "./rules/shape.ts";
import { axesRuleOf } from "./rules.ts";
import { sampleShapes } from "./shapes.ts";
import type { Axes } from "./units.ts";
import { type AxesRule, fixedAxes, Trace, Visit } from "./visit.ts";

/**
 * Walks through the main graph and its subgraphs once, in the order of execution, and finds out which positions of
 * which axes can only be removed together. A subgraph reads the values around it like any other reader; what it hands
 * out is fixed.
 *
 * @throws EngineError "limit-exceeded" where the model has too many channels
 */
export function traceModel(
  model: Model,
  index: ModelIndex,
  options: { heads: boolean; protect: readonly string[] },
): Trace {
  const trace = new Trace(index, sampleShapes(model), options.heads);
  const walk = new Walk(trace, new Set(localFunctions(model).keys()), new Set(options.protect));
  const main = index.scopes[0];
  if (main !== undefined) walk.scope(main);
  walk.close();
  return trace;
}

class Walk {
  readonly #trace: Trace;
  readonly #functions: ReadonlySet<string>;
  readonly #protect: ReadonlySet<string>;

  constructor(trace: Trace, functions: ReadonlySet<string>, protect: ReadonlySet<string>) {
    this.#trace = trace;
    this.#functions = functions;
    this.#protect = protect;
  }

  scope(scope: Scope): void {
    for (const node of topologicalOrder(scope.body).sorted) {
      for (const graph of subgraphs(node)) {
        const inner = this.#trace.index.scopeOf(graph);
        if (inner !== undefined) this.scope(inner);
      }
      this.#node(node, scope);
    }
  }

  #node(node: Node, scope: Scope): void {
    if (node.opType === "Constant" && isStandard(node)) return;
    const visit = new Visit(this.#trace, node, scope);
    const rule = this.#rule(visit);
    const answer = rule === undefined ? undefined : apply(rule, visit);
    visit.close(answer);
    const outputs = answer ?? [];
    node.output.forEach((name, at) => {
      const value = this.#trace.index.resolve(scope, name);
      if (value !== undefined && value.producer === node) this.#define(value, outputs[at]);
    });
    if (node.name !== undefined && this.#protect.has(node.name)) this.#protectNode(visit, outputs);
  }

  #rule(visit: Visit): AxesRule | undefined {
    const { node } = visit;
    if (this.#functions.has(functionKey(node.domain, node.opType, node.overload))) return undefined;
    if (subgraphs(node).length > 0) return undefined;
    const carriesSizes =
      visit.sizes(0) !== undefined ||
      (node.opType === "Concat" && node.input.some((_, position) => visit.sizes(position) !== undefined));
    if (carriesSizes && isStandard(node) && Object.hasOwn(sizeRules, node.opType))
      return sizeRules[node.opType];
    return axesRuleOf(node);
  }

  /** A rule may know more or fewer axes than the shape says: then nothing is certain, and all are locked. */
  #define(value: Value, axes: Axes | undefined): void {
    const shape = this.#trace.info(value)?.shape;
    const fits = axes?.every((axis, at) => {
      const dim = shape?.[at];
      return axis === undefined || typeof dim !== "number" || dim === axis.length;
    });
    if (axes !== undefined && shape?.length === axes.length && fits === true) {
      this.#trace.axes.set(value, axes);
      for (const axis of axes) if (axis !== undefined) this.#trace.known.add(axis);
      return;
    }
    for (const axis of axes ?? []) {
      if (axis !== undefined)
        this.#trace.units.lock(axis, say("prune-structured.shapeUncertain", { name: plain(value.name) }));
    }
    this.#trace.axes.set(value, fixedAxes(shape));
  }

  #protectNode(visit: Visit, outputs: readonly Axes[]): void {
    const weights = this.#trace.constants.all.filter(({ value, reader }) =>
      reader === undefined
        ? visit.node.input.some((_, position) => visit.value(position) === value)
        : reader.node === visit.node,
    );
    for (const axis of [...outputs, ...weights.map(({ axes }) => axes)].flat()) {
      if (axis !== undefined) this.#trace.units.lock(axis, say("prune-structured.protectedByNode"));
    }
  }

  /** Locks what leaves the graph, and what is protected by name. */
  close(): void {
    const { constants, axes, units } = this.#trace;
    const lock = (list: Axes, reason: EngineRemark) => {
      for (const axis of list) if (axis !== undefined) units.lock(axis, reason);
    };
    for (const { value, axes: list } of constants.all) {
      for (const axis of list) if (axis !== undefined) this.#trace.known.add(axis);
      if (this.#protect.has(value.name)) lock(list, say("common.protectedByName"));
      if (value.isOutput || value.outputOf.length > 0) lock(list, isOutput(value));
    }
    for (const [value, list] of axes) {
      if (value.isOutput || value.outputOf.length > 0) lock(list, isOutput(value));
    }
  }
}

const isOutput = ({ name }: Value) => say("prune-structured.isOutput", { name: plain(name) });

/** A node with attributes of the wrong type is not understood, which locks what it reads. */
function apply(rule: AxesRule, visit: Visit): readonly Axes[] {
  try {
    return rule(visit);
  } catch (error) {
    if (error instanceof EngineError && error.code === "malformed") return [];
    throw error;
  }
}
