import type { ModelIndex } from "#engine/graph/index.ts";
import type { Scope } from "#engine/graph/scope.ts";
import type { Shapes } from "#engine/graph/shapes/infer.ts";
import { makeInt, makeNode, makeTensorAttribute } from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { bytesOf, type LazyBytes } from "#engine/onnx/lazy.ts";
import type { Graph, Node, Tensor } from "#engine/onnx/model.ts";
import { elementCount } from "#engine/onnx/tensor.ts";
import { MappedBytes } from "../mapped-bytes.ts";
import type { PassContext } from "../pass.ts";
import { float32Bytes, floatsOf, isLarge, overPieces } from "../pieces.ts";
import { toHalves } from "./convert.ts";
import { halvesOf, scanHalves } from "./halves.ts";

/** The float16 and the float32 form of a value that was float32. Either is made when first asked for. */
export interface Pair {
  half: string | undefined;
  full: string | undefined;
  /** The form that has the value's own name; undefined: whichever is asked for first. */
  own: "half" | "full" | undefined;
  /** Name of the float16 form where the own name is taken. */
  readonly halfAlias: string;
  /** The values, where they are known before the model runs. */
  readonly constant: { readonly tensor: Tensor; readonly node: Node | undefined } | undefined;
}

/** One graph while its list of nodes is written anew. */
export interface GraphState {
  readonly scope: Scope;
  readonly graph: Graph;
  readonly nodes: Node[];
  readonly pairs: Map<string, Pair>;
  /** Everything in this graph stays float32: it belongs to a node that is blocked. */
  readonly keepFull: boolean;
  /** Initialisers as they will be, by the original's name. */
  readonly forms: Map<string, Tensor[]>;
}

export class Converter {
  readonly states = new Map<Scope, GraphState>();
  readonly index: ModelIndex;
  readonly #shapes: Shapes;
  readonly #valueName: (wanted: string) => string;
  readonly #nodeName: (wanted: string) => string;
  readonly converted: { name: string; count: number }[] = [];
  clamped = 0;
  /** Values of large tensors that nobody has looked at yet. */
  readonly #waiting: (Uint8Array | LazyBytes)[] = [];

  constructor(
    index: ModelIndex,
    shapes: Shapes,
    valueName: (wanted: string) => string,
    nodeName: (wanted: string) => string,
  ) {
    this.index = index;
    this.#shapes = shapes;
    this.#valueName = valueName;
    this.#nodeName = nodeName;
  }

  /** Element type of a value that a graph defines or sees; undefined where it is not known. */
  dtype(scope: Scope, name: string): number | undefined {
    const value = this.index.resolve(scope, name);
    const graph = value?.scope.graph;
    if (value?.initializer !== undefined) return value.initializer.dataType;
    return graph === undefined ? undefined : this.#shapes.info(graph, name)?.dtype;
  }

  isFloat(scope: Scope, name: string): boolean {
    return this.dtype(scope, name) === dtypes.float32.code;
  }

  #home(state: GraphState, name: string): GraphState {
    const value = this.index.resolve(state.scope, name);
    return (value && this.states.get(value.scope)) ?? state;
  }

  pair(state: GraphState, name: string): Pair | undefined {
    return this.#home(state, name).pairs.get(name);
  }

  /** Name under which a value can be read as float16; the name itself where it never was float32. */
  half(state: GraphState, name: string): string {
    const home = this.#home(state, name);
    const pair = home.pairs.get(name);
    if (pair === undefined) return name;
    if (pair.half !== undefined) return pair.half;
    if (pair.constant !== undefined) return this.#constantForm(home, name, pair, "half");
    const half = pair.own === "half" ? name : this.#valueName(pair.halfAlias);
    pair.half = half;
    this.#cast(home, pair.full ?? name, half, dtypes.float16.code);
    return half;
  }

  /** Name under which a value can be read as float32. */
  full(state: GraphState, name: string): string {
    const home = this.#home(state, name);
    const pair = home.pairs.get(name);
    if (pair === undefined) return name;
    if (pair.full !== undefined) return pair.full;
    if (pair.constant !== undefined) return this.#constantForm(home, name, pair, "full");
    const full = pair.own === "full" ? name : this.#valueName(`${name}_cast_to_fp32`);
    pair.full = full;
    this.#cast(home, pair.half ?? name, full, dtypes.float32.code);
    return full;
  }

  /** Name for the float32 output of a blocked node whose own name the float16 form will have. */
  beforeCast(name: string): string {
    return this.#valueName(`${name}_cast_to_fp16`);
  }

  freshName(wanted: string): string {
    return this.#valueName(wanted);
  }

  #cast(home: GraphState, from: string, to: string, code: number): void {
    const special = /^graph_(input|output)_cast_\d+$/;
    // The casts at the border are named like their values but for an underscore, as ONNX Runtime does.
    const border = special.test(to) ? to : special.test(from) ? from : undefined;
    const name =
      border?.replace(/_(\d+)$/, "$1") ??
      `${code === dtypes.float16.code ? (from.endsWith("_cast_to_fp16") ? from : to) : to}_node`;
    home.nodes.push(
      makeNode("Cast", [from], [to], { name: this.#nodeName(name), attribute: [makeInt("to", code)] }),
    );
  }

  #constantForm(home: GraphState, name: string, pair: Pair, form: "half" | "full"): string {
    const { constant } = pair;
    if (constant === undefined) return name;
    const other = form === "half" ? pair.full : pair.half;
    pair.own ??= form;
    const made =
      pair.own === form ? name : this.#valueName(form === "half" ? pair.halfAlias : `${name}_cast_to_fp32`);
    pair[form] = made;
    const tensor = form === "half" ? this.#halved(constant.tensor, made) : { ...constant.tensor, name: made };
    if (constant.node === undefined) {
      const forms = home.forms.get(name) ?? [];
      home.forms.set(name, [...forms, tensor]);
    } else {
      home.nodes.push(
        makeNode("Constant", [], [made], {
          name: other === undefined ? constant.node.name : undefined,
          attribute: [makeTensorAttribute("value", tensor)],
        }),
      );
    }
    return made;
  }

  /** A large tensor is looked at by `finish`, and converted when it is written. */
  #halved(tensor: Tensor, name: string): Tensor {
    const count = elementCount(tensor.dims);
    this.converted.push({ name: tensor.name || name, count });
    const source = float32Bytes(tensor);
    const { docString, metadataProps } = tensor;
    const made = { docString, metadataProps, dims: [...tensor.dims], dataType: dtypes.float16.code, name };
    if (isLarge(source)) {
      this.#waiting.push(source);
      return { ...made, rawData: new MappedBytes(halvesOf, source, null) };
    }
    const { bits, clamped } = toHalves(floatsOf(bytesOf(source)));
    this.clamped += clamped;
    return { ...made, rawData: new Uint8Array(bits.buffer) };
  }

  /** Looks at the large tensors, on all cores, for values that do not fit. */
  async finish({ pool, onProgress }: PassContext): Promise<void> {
    let done = 0;
    const look = async (source: Uint8Array | LazyBytes) => {
      for (const { clamped } of await overPieces(pool, scanHalves, source, null)) this.clamped += clamped;
      onProgress(0.2 + (0.8 * ++done) / this.#waiting.length);
    };
    await Promise.all(this.#waiting.map(look));
  }
}
