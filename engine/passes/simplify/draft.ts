import { indexModel, type ModelIndex, type Value } from "#engine/graph/index.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { inferShapes, type Shapes } from "#engine/graph/shapes/infer.ts";
import type { Dim, TensorInfo } from "#engine/graph/shapes/info.ts";
import { tensorInfo } from "#engine/graph/shapes/tensor-info.ts";
import { smallIntsAttribute, tensorAttribute } from "#engine/onnx/attributes.ts";
import { dtypeOfCode, dtypes } from "#engine/onnx/dtypes.ts";
import type { Graph, Model, Node, Tensor } from "#engine/onnx/model.ts";
import { isExternal, readTensor } from "#engine/onnx/tensor.ts";
import { isStandard } from "../domains.ts";
import type { SimplifyOptions } from "../simplify.schema.ts";
import type { Growth } from "./growth.ts";
import type { Log } from "./log.ts";

/** The model as it stands before one part works on it. After an edit it describes the past: open it anew. */
export interface Draft {
  readonly model: Model;
  readonly index: ModelIndex;
  /** The main graph and its subgraphs, parents first: bodies of functions have no weights and are left alone. */
  readonly scopes: readonly GraphScope[];
  readonly options: SimplifyOptions;
  readonly log: Log;
  readonly growth: Growth;
  /** A name that nothing has yet. */
  name(wanted: string): string;
  /** What a constant tensor is, read once however many nodes ask. */
  constantInfo(tensor: Tensor): TensorInfo;
  /** What must hold of a value in every run. */
  info(scope: Scope, name: string): TensorInfo | undefined;
}

export type GraphScope = Scope & { readonly graph: Graph };

/** A part of the step. It logs what it changes. */
export type Part = (draft: Draft) => void;

export function openDraft(model: Model, options: SimplifyOptions, log: Log, growth: Growth): Draft {
  const index = indexModel(model);
  // Not every part asks for shapes, and inferring them is most of a part's work.
  let known: Shapes | undefined;
  const shapesOf = () => {
    known ??= inferShapes(model, {
      strict: true,
      // Inputs may say the same symbol and still get different sizes: ONNX Runtime does not compare them.
      inputDim: (input, axis, dim): Dim => (typeof dim === "number" ? dim : `${input}/${axis}`),
    });
    return known;
  };
  let names: ((wanted: string) => string) | undefined;
  const constants = new Map<Tensor, TensorInfo>();
  const constantInfo = (tensor: Tensor) => {
    const found = constants.get(tensor) ?? tensorInfo(tensor);
    constants.set(tensor, found);
    return found;
  };
  return {
    model,
    index,
    scopes: index.scopes.filter(isOfMain),
    options,
    log,
    growth,
    name: (wanted) => {
      names ??= uniqueNames(model);
      return names(wanted);
    },
    constantInfo,
    info: (scope, name) => {
      const value = index.resolve(scope, name);
      if (value === undefined) return undefined;
      if (value.initializer !== undefined && !value.isInput) return constantInfo(value.initializer);
      const { graph } = value.scope;
      if (graph === undefined) return undefined;
      const shapes = shapesOf();
      return shapes.complete ? shapes.info(graph, value.name) : undefined;
    },
  };
}

function isOfMain(scope: Scope): scope is GraphScope {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    if (at.kind === "function" || at.kind === "training") return false;
  }
  return scope.graph !== undefined;
}

/** A node and where it stands. */
export interface Site {
  readonly draft: Draft;
  readonly scope: GraphScope;
  readonly node: Node;
  /** Version of the default domain. */
  readonly opset: number;
}

/** Every node of the standard operator set. */
export function* standardSites(draft: Draft): Generator<Site> {
  for (const scope of draft.scopes) {
    const opset = scope.opsets.get("") ?? 1;
    for (const node of scope.body.node) if (isStandard(node)) yield { draft, scope, node, opset };
  }
}

export function inputOf({ draft, scope, node }: Site, position: number): Value | undefined {
  const name = node.input[position] ?? "";
  return name === "" ? undefined : draft.index.resolve(scope, name);
}

export function infoOf({ draft, scope, node }: Site, position: number): TensorInfo | undefined {
  const name = node.input[position] ?? "";
  return name === "" ? undefined : draft.info(scope, name);
}

export function outputInfo({ draft, scope, node }: Site): TensorInfo | undefined {
  return draft.info(scope, node.output[0] ?? "");
}

export function outputValue({ draft, scope, node }: Site, position = 0): Value | undefined {
  return draft.index.values(scope).get(node.output[position] ?? "");
}

export function isRead(value: Value | undefined): boolean {
  return value !== undefined && (value.uses.length > 0 || value.isOutput || value.outputOf.length > 0);
}

/** The node that makes an input, where it stands in the same graph, is a standard one and nobody else reads it. */
export function soleProducer(
  site: Site,
  position: number,
  ...operators: readonly string[]
): Site | undefined {
  const value = inputOf(site, position);
  const node = value?.producer;
  if (value === undefined || node === undefined || !isStandard(node)) return undefined;
  if (!operators.includes(node.opType) || value.scope.body !== site.scope.body || value.position !== 0)
    return undefined;
  const shared = value.uses.length !== 1 || value.isOutput || value.outputOf.length > 0;
  if (shared || node.output.slice(1).some((name) => isRead(site.draft.index.values(site.scope).get(name)))) {
    return undefined;
  }
  return { ...site, node };
}

/** The tensor of numbers that a value holds in every run, where its bytes are at hand. */
export function tensorOf(value: Value | undefined): Tensor | undefined {
  if (value === undefined) return undefined;
  const { producer, initializer } = value;
  const tensor =
    initializer !== undefined
      ? value.isInput
        ? undefined
        : initializer
      : producer?.opType === "Constant" && isStandard(producer)
        ? tensorAttribute(producer, "value")
        : undefined;
  if (tensor === undefined || tensor.segment !== undefined) return undefined;
  const dtype = dtypeOfCode(tensor.dataType);
  if (dtype === undefined || dtype === "string") return undefined;
  return isExternal(tensor) && tensor.rawData === undefined ? undefined : tensor;
}

export function constantAt(site: Site, position: number): Tensor | undefined {
  return tensorOf(inputOf(site, position));
}

/** Integers of a constant input, or of the attribute that older opsets had; values beyond ±2^53 become ±2^53. */
export function integersAt(site: Site, position: number, attribute: string): number[] | undefined {
  if ((site.node.input[position] ?? "") === "") return smallIntsAttribute(site.node, attribute);
  const tensor = constantAt(site, position);
  if (
    tensor === undefined ||
    (tensor.dataType !== dtypes.int64.code && tensor.dataType !== dtypes.int32.code)
  ) {
    return undefined;
  }
  const limit = Number.MAX_SAFE_INTEGER;
  return Array.from(readTensor(tensor), Number).map((value) => Math.max(-limit, Math.min(limit, value)));
}
