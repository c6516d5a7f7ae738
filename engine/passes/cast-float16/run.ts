import { nodePlace, type Scope } from "#engine/graph/scope.ts";
import { subgraphs } from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import type { Graph, Node, ValueInfo } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { nodeRemark } from "../pass.ts";
import {
  type BlockRules,
  floatPositions,
  isBlocked,
  isFloatConstant,
  makesSequence,
  takesAnything,
} from "./blocked.ts";
import { constantTensor, retargetOutput } from "./nodes.ts";
import type { Converter, GraphState, Pair } from "./state.ts";

/** Why a whole model cannot be converted. */
export class NotConvertible extends Error {
  readonly place: string;
  readonly reason: EngineRemark;

  constructor(reason: EngineRemark, place: string) {
    super(reason.key);
    this.place = place;
    this.reason = reason;
  }
}

/** Rewrites the graphs of a model, outer ones first, so that every float32 value becomes float16 but where it is read as float32. */
export class GraphRun {
  readonly #converter: Converter;
  readonly #rules: BlockRules;

  constructor(converter: Converter, rules: BlockRules) {
    this.#converter = converter;
    this.#rules = rules;
  }

  main(scope: Scope, graph: Graph, keepTypes: boolean): void {
    const state = this.#open(scope, graph, false);
    graph.input.forEach(({ name }, at) => {
      if (!this.#converter.isFloat(scope, name)) return;
      this.#setPair(state, name, keepTypes ? "full" : "half", { halfAlias: `graph_input_cast_${at}` });
    });
    const kept = new Map<string, number>();
    graph.output.forEach(({ name }, at) => {
      if (this.#converter.isFloat(scope, name)) kept.set(name, at);
    });
    this.#initializers(state, (name) => (kept.has(name) ? (keepTypes ? "full" : "half") : undefined));
    this.#nodes(state, (name) => {
      const at = kept.get(name);
      return at === undefined || !keepTypes ? undefined : `graph_output_cast_${at}`;
    });
    for (const name of kept.keys()) {
      if (keepTypes) this.#converter.full(state, name);
      else this.#converter.half(state, name);
    }
    this.#close(state);
    if (keepTypes) return;
    for (const value of [...graph.input, ...graph.output]) {
      if (state.pairs.get(value.name)?.half === value.name) setHalf(value);
    }
  }

  #subgraph(graph: Graph, keepFull: boolean): void {
    const scope = this.#converter.index.scopeOf(graph);
    if (scope === undefined) return;
    const state = this.#open(scope, graph, keepFull);
    const form = keepFull ? "full" : "half";
    for (const { name } of graph.input) {
      if (this.#converter.isFloat(scope, name)) this.#setPair(state, name, form, {});
    }
    this.#initializers(state, () => undefined);
    this.#nodes(state, () => undefined);
    for (const output of graph.output) {
      if (!this.#converter.isFloat(scope, output.name)) continue;
      if (!keepFull) setHalf(output);
      output.name = this.#converter[form](state, output.name);
    }
    this.#close(state);
    if (!keepFull) for (const input of graph.input) if (state.pairs.has(input.name)) setHalf(input);
  }

  #open(scope: Scope, graph: Graph, keepFull: boolean): GraphState {
    const state = { scope, graph, nodes: [], pairs: new Map(), keepFull, forms: new Map() };
    this.#converter.states.set(scope, state);
    return state;
  }

  /** Records a value whose form under its own name exists already. */
  #setPair(state: GraphState, name: string, own: "half" | "full", parts: Partial<Pair>): void {
    state.pairs.set(name, {
      half: own === "half" ? name : undefined,
      full: own === "full" ? name : undefined,
      own,
      halfAlias: `${name}_cast_to_fp16`,
      constant: undefined,
      ...parts,
    });
  }

  #constant(state: GraphState, name: string, constant: Pair["constant"], own: Pair["own"]): void {
    const halfAlias = `${name}_cast_to_fp16`;
    state.pairs.set(name, { half: undefined, full: undefined, own, halfAlias, constant });
  }

  #initializers(state: GraphState, ownForm: (name: string) => Pair["own"]): void {
    for (const tensor of state.graph.initializer) {
      const name = tensor.name ?? "";
      if (tensor.dataType !== dtypes.float32.code || state.pairs.has(name)) continue;
      this.#constant(state, name, { tensor, node: undefined }, ownForm(name));
    }
    for (const { values } of state.graph.sparseInitializer ?? []) {
      if (values?.dataType === dtypes.float32.code) this.#setPair(state, values.name ?? "", "full", {});
    }
  }

  #nodes(state: GraphState, outputAlias: (name: string) => string | undefined): void {
    for (const node of [...state.graph.node]) {
      const name = node.output[0] ?? "";
      const tensor = isFloatConstant(node) ? constantTensor(node, name) : undefined;
      if (tensor !== undefined) {
        const isOutput = this.#converter.index.values(state.scope).get(name)?.isOutput === true;
        const own = !isOutput ? undefined : outputAlias(name) === undefined ? "half" : "full";
        this.#constant(state, name, { tensor, node }, own);
      } else this.#node(state, node, outputAlias);
    }
    state.graph.node = state.nodes;
  }

  #node(state: GraphState, node: Node, outputAlias: (name: string) => string | undefined): void {
    const converter = this.#converter;
    const opset = state.scope.opsets.get("") ?? 0;
    const blocked = state.keepFull || isBlocked(node, opset, this.#rules);
    if (!blocked) this.#checkTypes(state, node);
    const floats = floatPositions(node, opset);
    node.input = node.input.map((name, position) => {
      if (name === "") return name;
      return blocked || floats.includes(position) ? converter.full(state, name) : converter.half(state, name);
    });
    for (const graph of subgraphs(node)) this.#subgraph(graph, blocked);
    const floatOutputs = new Set(
      node.output.filter((name) => name !== "" && converter.isFloat(state.scope, name)),
    );
    if (!blocked && floatOutputs.size > 0) retargetOutput(node);
    state.nodes.push(node);
    node.output = node.output.map((name) => {
      if (!floatOutputs.has(name)) return name;
      const alias = outputAlias(name);
      return blocked ? this.#blockedOutput(state, name, alias) : this.#halfOutput(state, name, alias);
    });
  }

  #halfOutput(state: GraphState, name: string, alias: string | undefined): string {
    if (alias === undefined) {
      this.#setPair(state, name, "half", {});
      return name;
    }
    const half = this.#converter.freshName(alias);
    this.#setPair(state, name, "full", { half, full: undefined });
    return half;
  }

  #blockedOutput(state: GraphState, name: string, alias: string | undefined): string {
    const stays = state.keepFull || alias !== undefined || this.#readAsFloatOnly(state, name);
    if (stays) {
      this.#setPair(state, name, "full", alias === undefined ? {} : { halfAlias: alias });
      return name;
    }
    const full = this.#converter.beforeCast(name);
    this.#setPair(state, name, "half", { half: undefined, full });
    return full;
  }

  /** All readers of a value are blocked, so that its float16 form will never be asked for. */
  #readAsFloatOnly(state: GraphState, name: string): boolean {
    const value = this.#converter.index.resolve(state.scope, name);
    if (value === undefined || value.isOutput || value.outputOf.length > 0) return false;
    return value.uses.every(({ node, scope }) => isBlocked(node, scope.opsets.get("") ?? 0, this.#rules));
  }

  /** A value of unknown type may be float32, and would then meet float16. */
  #checkTypes(state: GraphState, node: Node): void {
    if (takesAnything(node)) return;
    for (const name of node.input) {
      if (name === "" || this.#converter.dtype(state.scope, name) !== undefined) continue;
      const producer = this.#converter.index.resolve(state.scope, name)?.producer;
      if (producer !== undefined && makesSequence(producer)) continue;
      const reason =
        producer === undefined
          ? say("cast-float16.typeOfInputUnknown", { name })
          : say("cast-float16.typeUnknown", { name, source: nodeRemark(producer) });
      throw new NotConvertible(reason, nodePlace(node));
    }
  }

  /** Puts initialisers in their new forms where the old ones stood, and the new types beside the values. */
  #close(state: GraphState): void {
    const { graph } = state;
    graph.node = state.nodes;
    graph.initializer = graph.initializer.flatMap((tensor) => state.forms.get(tensor.name ?? "") ?? [tensor]);
    for (const value of graph.valueInfo) if (state.pairs.get(value.name)?.half === value.name) setHalf(value);
  }
}

function setHalf(value: ValueInfo): void {
  const tensor = value.type?.tensorType;
  if (tensor?.elemType === dtypes.float32.code) tensor.elemType = dtypes.float16.code;
}
