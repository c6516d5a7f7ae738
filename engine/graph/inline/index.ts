import { cloneStructure } from "#engine/graph/clone.ts";
import { subgraphs } from "#engine/onnx/attributes.ts";
import type { FunctionDef, Graph, Model, Node } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { uniqueNames } from "../names.ts";
import { localFunctions, opsetVersions } from "../scope.ts";
import { Budget } from "./budget.ts";
import { calleeOf, type Functions, reachable, trainingNodes } from "./calls.ts";
import { type Instance, instantiate, misfit, type Workshop } from "./instantiate.ts";
import {
  dropImports,
  importFor,
  judge,
  refusal,
  riseToFunctions,
  type Verdict,
  type Versions,
} from "./opsets.ts";
import { raiseInstance, Surroundings } from "./raise.ts";
import { checkCalls } from "./recursion.ts";
import { SharedWeights } from "./share.ts";

/** A function that stays a function, and why. */
export interface KeptFunction {
  readonly name: string;
  readonly reason: EngineRemark;
}

export interface Inlined {
  /** A new model; the one given stays as it is. */
  readonly model: Model;
  /** Functions that stand in the graph now, wherever they were called. */
  readonly inlined: number;
  readonly kept: readonly KeptFunction[];
}

/** A call whose types become known only when the function around is inlined is tried again this often. */
const rounds = 4;

/**
 * Replaces every call of a local function by the body of the function, in the main graph and in the graphs of If,
 * Loop and Scan, as ONNX Runtime does when it loads a model. Functions that nothing calls any more go, and with them
 * the imports of their domains. Training graphs stay as they are.
 *
 * A function that is written for another version of the operators is inlined as it is where none of its operators
 * changed, else its nodes are rewritten, and it is kept with the reason where that is not possible. Where it is written
 * for a newer version, the whole model moves to that one.
 *
 * @throws EngineError "malformed" where a function calls itself; "limit-exceeded" where the functions stand for more
 *   than `maxInlinedNodes` nodes or too many graphs in graphs
 */
export function inlineFunctions(given: Model, versions: Versions): Inlined {
  checkCalls(given, localFunctions(given));
  const before = given.functions?.length ?? 0;
  let model = raised(given, versions);
  let kept: KeptFunction[] = [];
  const done = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    const inliner = new Inliner(model, versions);
    inliner.graph(model.graph, 0);
    inliner.finish();
    // Tensors that stand in several copies of a body become one object each.
    model = cloneStructure(model);
    kept = inliner.kept();
    for (const key of inliner.inlined) done.add(key);
    if (kept.length === 0 || inliner.inlined.size === 0 || !inliner.refused) break;
  }
  return { model, inlined: before === 0 ? 0 : done.size, kept };
}

/** A copy of the model, on the newest version of the operators that its functions are written for, if it can go there. */
function raised(given: Model, versions: Versions): Model {
  const model = cloneStructure(given);
  try {
    riseToFunctions(model, localFunctions(model), versions);
    return model;
  } catch (error) {
    refusal(error);
    return cloneStructure(given);
  }
}

class Inliner {
  /** Keys of the functions that were inlined at least once. */
  readonly inlined = new Set<string>();
  /** True where a call could not be rewritten for the version of the model. */
  refused = false;
  readonly #model: Model;
  readonly #versions: Versions;
  readonly #functions: Functions;
  readonly #keys: ReadonlyMap<FunctionDef, string>;
  readonly #workshop: Workshop;
  readonly #verdicts = new Map<FunctionDef, Verdict>();
  readonly #kept = new Map<FunctionDef, EngineRemark>();
  /** Undefined where no body has to be rewritten: it costs an index and an inference of shapes. */
  readonly #surroundings: Surroundings | undefined;

  constructor(model: Model, versions: Versions) {
    // What a body calls a value is free again once the body is gone, and other functions see their own names only.
    const name = uniqueNames({ ...model, functions: [] });
    this.#model = model;
    this.#versions = versions;
    this.#functions = localFunctions(model);
    this.#keys = new Map([...this.#functions].map(([key, body]) => [body, key]));
    this.#workshop = { name, budget: new Budget(), weights: new SharedWeights(model, name) };
    const rewrites = [...this.#functions.values()].some((body) => this.#judge(body).how === "raise");
    this.#surroundings = rewrites ? new Surroundings(model) : undefined;
  }

  /** Replaces the calls in a graph and in the graphs of its nodes. */
  graph(graph: Graph, depth: number): void {
    const out: Node[] = [];
    // What is left to look at, the next node last: bodies come in where their calls stood, however long the chain.
    const waiting = graph.node.toReversed();
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      const instance = this.#instance(node, graph, depth);
      if (instance === undefined) {
        out.push(node);
        for (const inner of subgraphs(node)) {
          this.#surroundings?.enter(inner, graph);
          this.graph(inner, depth + 1);
        }
        continue;
      }
      for (const inner of instance.node.toReversed()) waiting.push(inner);
      for (const info of instance.valueInfo) graph.valueInfo.push(info);
    }
    graph.node = out;
  }

  #instance(node: Node, graph: Graph, depth: number): Instance | undefined {
    const callee = calleeOf(this.#functions, node);
    if (callee === undefined) return undefined;
    const verdict = this.#judge(callee);
    const reason = verdict.how === "keep" ? verdict.reason : misfit(callee, node);
    if (reason !== undefined) return this.#keep(callee, reason);
    let instance = instantiate(callee, node, this.#workshop, depth);
    if (verdict.how === "raise" && this.#surroundings !== undefined) {
      const { name, weights } = this.#workshop;
      try {
        instance = raiseInstance(instance, {
          ...verdict,
          call: node,
          graph,
          model: this.#model,
          versions: this.#versions,
          surroundings: this.#surroundings,
          shared: (wanted) => weights.find(wanted),
          name,
        });
      } catch (error) {
        this.refused = true;
        return this.#keep(callee, refusal(error));
      }
    }
    importFor(this.#model, callee, this.#functions);
    this.inlined.add(this.#keys.get(callee) ?? callee.name);
    return instance;
  }

  #judge(callee: FunctionDef): Verdict {
    const known = this.#verdicts.get(callee);
    if (known !== undefined) return known;
    const imported = opsetVersions(this.#model.opsetImport);
    const verdict = judge(callee, this.#functions, imported, this.#versions);
    this.#verdicts.set(callee, verdict);
    return verdict;
  }

  #keep(callee: FunctionDef, reason: EngineRemark): undefined {
    if (!this.#kept.has(callee)) this.#kept.set(callee, reason);
    return undefined;
  }

  /** Drops the functions that nothing calls now. */
  finish(): void {
    const all = this.#model.functions ?? [];
    const needed = reachable(this.#functions, [...this.#model.graph.node, ...trainingNodes(this.#model)]);
    const left = all.filter((body) => needed.has(body));
    if (left.length === 0) delete this.#model.functions;
    else this.#model.functions = left;
    dropImports(
      this.#model,
      all.filter((body) => !needed.has(body)),
    );
  }

  kept(): KeptFunction[] {
    const needed = new Set(this.#model.functions ?? []);
    return [...needed].map((body) => ({
      name: body.name,
      reason: this.#kept.get(body) ?? say("functions.calledElsewhere"),
    }));
  }
}
