import { indexModel, type ModelIndex } from "#engine/graph/index.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import { inferShapes, type Shapes } from "#engine/graph/shapes/infer.ts";
import type { Dim } from "#engine/graph/shapes/info.ts";
import { makeInts, makeNode } from "#engine/onnx/attributes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Graph, Model, Node, Tensor } from "#engine/onnx/model.ts";
import { readTensor } from "#engine/onnx/tensor.ts";
import { findConstant } from "#engine/passes/constants.ts";
import { compose, inverse, isIdentity, keepsOrder, type Perm } from "./perm.ts";
import { transposeTensor } from "./transpose-tensor.ts";

/** A value that is known to be a transposition of another one, and is made only where somebody needs it as it is. */
export interface Form {
  readonly source: string;
  readonly perm: Perm;
}

/** A matrix [items, values] that holds the values of another one in another order. */
export interface Shuffle {
  /** The other matrix. */
  readonly source: string;
  /** Column j is column `order[j]` of the source. */
  readonly order: Uint32Array;
  /** Nodes that make it as it is, and the shape input that they need. */
  readonly make: () => void;
}

/** A main graph while its nodes are written anew, each value in the form in which it costs least. */
export class Layout {
  readonly graph: Graph;
  readonly nodes: Node[] = [];
  readonly forms = new Map<string, Form>();
  readonly shuffles = new Map<string, Shuffle>();
  readonly unique: (wanted: string) => string;
  readonly #index: ModelIndex;
  readonly #shapes: Shapes;
  readonly #made = new Set<string>();
  readonly #moved = new Map<string, string>();

  constructor(model: Model) {
    this.graph = model.graph;
    this.unique = uniqueNames(model);
    this.#index = indexModel(model);
    this.#shapes = inferShapes(model);
  }

  dims(name: string): readonly Dim[] | undefined {
    return this.#shapes.info(this.graph, name)?.shape;
  }

  constant(name: string): Tensor | undefined {
    const [scope] = this.#index.scopes;
    const found = scope && name !== "" ? findConstant(this.#index, scope, name) : undefined;
    return found?.transposed === false ? found.tensor : undefined;
  }

  /** Whole numbers that an input holds, such as axes; undefined where they are not known. */
  integers(name: string): number[] | undefined {
    const tensor = this.constant(name);
    return tensor && tensor.dims.length < 2 ? Array.from(readTensor(tensor), Number) : undefined;
  }

  /** The node that makes a value. */
  producer(name: string): Node | undefined {
    const [scope] = this.#index.scopes;
    return scope && this.#index.resolve(scope, name)?.producer;
  }

  /** Values that a tensor moves where it is transposed; a symbol counts as one, for it is the same in all that is compared. */
  cost(name: string): number {
    return (this.dims(name) ?? []).reduce<number>(
      (product, dim) => product * (typeof dim === "number" ? dim : 1),
      1,
    );
  }

  setForm(name: string, source: string, perm: Perm): void {
    this.forms.set(name, { source, perm });
  }

  /** Sees to it that a value exists under its own name. */
  need(name: string): void {
    if (this.#made.has(name)) return;
    const form = this.forms.get(name);
    const shuffle = this.shuffles.get(name);
    if (form === undefined && shuffle === undefined) return;
    this.#made.add(name);
    if (form !== undefined) this.#transpose(form.source, form.perm, name);
    shuffle?.make();
  }

  /** The name under which a value can be read as it is: another one, where two transpositions undid each other. */
  asIs(name: string): string {
    const form = this.forms.get(name);
    if (form !== undefined && isIdentity(form.perm)) return form.source;
    this.need(name);
    return name;
  }

  /** The name of a tensor of which `name` is the transposition by `perm`, made of what there is. */
  counterpart(name: string, perm: Perm): string | undefined {
    const rank = this.dims(name)?.length;
    if (rank === undefined || rank > perm.length) return undefined;
    const form = this.forms.get(name);
    if (form !== undefined && form.perm.join() === perm.join()) return form.source;
    if (this.dims(name)?.every((dim) => dim === 1)) {
      this.need(name);
      return name;
    }
    const key = `${perm.join()} ${name}`;
    const known = this.#moved.get(key);
    if (known !== undefined) return known;
    const made = this.#constant(name, perm) ?? this.#move(name, rank, perm);
    this.#moved.set(key, made);
    return made;
  }

  /** Whether it costs nothing while the model runs to have the counterpart. */
  isFree(name: string, perm: Perm): boolean {
    const dims = this.dims(name);
    if (dims === undefined || dims.length > perm.length) return false;
    const form = this.forms.get(name);
    if (form?.perm.join() === perm.join() || this.constant(name) !== undefined) return true;
    return form === undefined && keepsOrder(inverse(perm), [...filled(dims, perm.length), ...dims]);
  }

  integerConstant(values: readonly number[], wanted: string): string {
    const name = this.unique(wanted);
    const data = BigInt64Array.from(values, BigInt);
    this.graph.initializer.push(makeTensor(name, "int64", [values.length], data));
    return name;
  }

  #constant(name: string, perm: Perm): string | undefined {
    const tensor = this.constant(name);
    if (tensor === undefined) return undefined;
    const dims = [...filled(tensor.dims, perm.length).map(() => 1), ...tensor.dims];
    const moved = transposeTensor({ ...tensor, dims }, inverse(perm), this.unique(`${name}_moved`));
    if (moved === undefined) return undefined;
    this.graph.initializer.push(moved);
    return moved.name;
  }

  #move(name: string, rank: number, perm: Perm): string {
    const form = this.forms.get(name);
    if (form !== undefined && rank === perm.length) {
      const whole = compose(form.perm, inverse(perm));
      if (isIdentity(whole)) return form.source;
      const made = this.unique(`${name}_moved`);
      this.#transpose(form.source, whole, made);
      return made;
    }
    const moved = this.unique(`${name}_moved`);
    this.need(name);
    let wide = name;
    if (rank < perm.length) {
      wide = this.unique(`${name}_wide`);
      const axes = this.integerConstant(
        [...filled(this.dims(name) ?? [], perm.length).keys()],
        `${wide}_axes`,
      );
      this.nodes.push(makeNode("Unsqueeze", [name, axes], [wide], { name: this.unique(`${wide}_node`) }));
    }
    this.#transpose(wide, inverse(perm), moved);
    return moved;
  }

  #transpose(from: string, perm: Perm, to: string): void {
    const name = this.unique(`${to}_transpose`);
    const node = isIdentity(perm)
      ? makeNode("Identity", [from], [to], { name })
      : makeNode("Transpose", [from], [to], { name, attribute: [makeInts("perm", perm)] });
    this.nodes.push(node);
  }
}

/** The axes of length 1 that broadcasting puts before others. */
function filled(dims: readonly unknown[], rank: number): 1[] {
  return Array.from({ length: Math.max(0, rank - dims.length) }, () => 1);
}
