import { indexModel, type ModelIndex, type Value } from "#engine/graph/index.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import { opsetVersions, type Scope } from "#engine/graph/scope.ts";
import { inferShapes, type Shapes } from "#engine/graph/shapes/infer.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import type { Graph, Model, Node, Tensor } from "#engine/onnx/model.ts";
import type { Range } from "../calibration/range.ts";
import { isFloat32 } from "../constants.ts";
import { reportName, type Skip } from "../pass.ts";
import type { QuantizeStaticOptions } from "../quantize.static.schema.ts";
import type { Draft, Plan, StoredForm } from "./draft.ts";
import { coarseValues, lossOf } from "./losses.ts";
import { usedRanges } from "./ranges.ts";
import { stateCarriers } from "./state.ts";

/** Makes the drafts of the graphs of a model, which share names and the integers that stand for initialisers. */
export class DraftMaker {
  /** The model before the first edit of a writer. */
  readonly index: ModelIndex;
  readonly #model: Model;
  readonly #options: QuantizeStaticOptions;
  readonly #shapes: Shapes;
  readonly #carriers: ReadonlyMap<Node, unknown>;
  readonly #homes = new Map<Tensor, Graph>();
  readonly #written = new Map<Tensor, StoredForm[]>();
  readonly #valueName: (wanted: string) => string;
  readonly #nodeName: (wanted: string) => string;

  constructor(model: Model, options: QuantizeStaticOptions) {
    this.index = indexModel(model);
    this.#model = model;
    this.#options = options;
    this.#shapes = inferShapes(model);
    this.#carriers = stateCarriers(this.index, new Set(options.op_types));
    this.#valueName = uniqueNames(model);
    this.#nodeName = uniqueNames(model);
    for (const { graph } of this.index.scopes) {
      for (const tensor of graph?.initializer ?? []) if (graph !== undefined) this.#homes.set(tensor, graph);
    }
  }

  /**
   * The draft of a graph, and which of the nodes wanted would lose what they compute.
   *
   * @param calibrated ranges of float32 values that the graph sees
   */
  draft(
    scope: Scope,
    graph: Graph,
    { chosen: wanted, unrounded, given }: Plan,
    calibrated: ReadonlyMap<string, Range>,
  ): { draft: Draft; losses: Skip[] } {
    const { index } = this;
    const copies = new Map<string, Tensor>();
    const origins = new Map<string, string>();
    const resolve = (name: string): Value | undefined =>
      name === "" ? undefined : index.resolve(scope, name);
    const initializer = (name: string): Tensor | undefined => {
      const tensor = copies.get(name) ?? resolve(name)?.initializer;
      return tensor !== undefined && isFloat32(tensor) ? tensor : undefined;
    };
    const lookups = {
      initializer,
      isFloat: (name: string) => {
        if (initializer(name) !== undefined) return true;
        const value = resolve(name);
        if (value?.initializer !== undefined) return false;
        return calibrated.has(name) || this.#dtype(value) === dtypes.float32.code;
      },
      isConstant: (name: string) => resolve(name)?.producer?.opType === "Constant",
    };
    const losses: Skip[] = [];
    const fit = new Set<Node>();
    const coarse = coarseValues(lookups, calibrated, graph.node);
    for (const node of wanted) {
      const loss = lossOf(lookups, calibrated, coarse, node);
      if (loss === undefined) fit.add(node);
      else losses.push({ name: reportName(node), reason: loss });
    }
    const draft: Draft = {
      ...lookups,
      model: this.#model,
      graph,
      scope,
      index,
      options: this.#options,
      opset: opsetVersions(this.#model.opsetImport).get("") ?? 1,
      chosen: fit,
      unrounded,
      given,
      carriers: this.#carriers,
      ranges: usedRanges(graph, index.values(scope), fit, calibrated),
      homeOf: (tensor) => this.#homes.get(tensor) ?? graph,
      written: this.#written,
      copyInitializer: (name) => {
        const tensor = initializer(name);
        if (tensor === undefined) return name;
        const copy = this.#valueName(name);
        const own = { ...tensor, name: copy };
        copies.set(copy, own);
        origins.set(copy, origins.get(name) ?? name);
        graph.initializer.push(own);
        return copy;
      },
      copies: origins,
      valueName: this.#valueName,
      nodeName: this.#nodeName,
    };
    return { draft, losses };
  }

  #dtype(value: Value | undefined): number | undefined {
    const graph = value?.scope.graph;
    return value && graph && this.#shapes.info(graph, value.name)?.dtype;
  }
}
