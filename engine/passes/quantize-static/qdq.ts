import { makeFloat, makeInt, makeNode, setAttribute } from "#engine/onnx/attributes.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Node } from "#engine/onnx/model.ts";
import { quantizeBias } from "../quantization/bias.ts";
import { type Draft, writtenParameters } from "./draft.ts";
import { type BiasMark, Marks } from "./marks.ts";
import { markNode } from "./qdq-rules.ts";
import {
  constantOptions,
  fitToBias,
  formOf,
  type WeightForm,
  weightOptions,
  writeForm,
  writeParameters,
} from "./weights.ts";

/** What a writer did. */
export interface Written {
  /** Initialisers that some node stopped reading. */
  readonly released: string[];
  /** Names of weights that are integers now, with how many scales each has. */
  readonly weights: ReadonlyMap<string, WeightForm>;
  /** The weight that each linear operator has now. */
  readonly products: ReadonlyMap<Node, WeightForm>;
  /** What stands where, of a graph with pairs. */
  readonly pairs?: Pairs;
}

/** Where a graph was written to round, for whoever writes something else in these places. */
export interface Pairs {
  /** By the DequantizeLinear that gives a constant. */
  readonly constants: ReadonlyMap<Node, { readonly name: string; readonly form: WeightForm }>;
  /** By the QuantizeLinear of a value that is computed. */
  readonly activations: ReadonlyMap<
    Node,
    { readonly name: string; readonly after: Node; readonly scale: Scale }
  >;
  /** By the DequantizeLinear that gives a bias under its name. */
  readonly biases: ReadonlyMap<Node, { readonly name: string } & Pick<BiasMark, "node" | "multiplier">>;
  /** Results of nodes that went, because the integers clip by themselves, by the values that went into them. */
  readonly clipped: ReadonlyMap<string, string>;
  /** Initialisers that were copied, by the copies. */
  readonly copies: ReadonlyMap<string, string>;
}

const linear = new Set(["Conv", "ConvTranspose", "Gemm", "MatMul"]);

/** A scale as it stands in the model. */
export interface Scale {
  readonly names: { readonly scale: string; readonly zeroPoint: string };
  readonly type: "int8" | "uint8";
  /** One, or one per channel. */
  readonly values: Float32Array;
  readonly zeroPoints: readonly number[];
}

/** Writes the graph with pairs of QuantizeLinear and DequantizeLinear, as ONNX Runtime 1.27's `QDQQuantizer` does. */
export function writeQdq(draft: Draft): Written {
  const marks = new Marks(draft);
  for (const node of draft.graph.node) if (draft.chosen.has(node)) markNode(marks, node);
  return new QdqWriter(draft, marks).write();
}

class QdqWriter {
  readonly #draft: Draft;
  readonly #marks: Marks;
  readonly #forms = new Map<string, WeightForm>();
  readonly #scales = new Map<string, Scale>();
  readonly #readers = new Map<string, Set<Node>>();
  /** Nodes that go on reading computed values as they are before a pair rounds them. */
  readonly #unrounded = new Set<Node>();
  readonly #added: Node[] = [];
  readonly #released: string[] = [];
  readonly #constants = new Map<Node, { name: string; form: WeightForm }>();
  readonly #activations = new Map<Node, { name: string; after: Node; scale: Scale }>();
  readonly #biases = new Map<Node, { name: string; node: Node; multiplier: number }>();

  constructor(draft: Draft, marks: Marks) {
    this.#draft = draft;
    this.#marks = marks;
    for (const node of draft.graph.node) {
      if (marks.removed.has(node)) continue;
      if (node.output.some((name) => draft.unrounded.has(name))) this.#unrounded.add(node);
      for (const name of node.input) {
        const readers = this.#readers.get(name) ?? new Set<Node>();
        this.#readers.set(name, readers.add(node));
      }
    }
  }

  write(): Written {
    const { graph } = this.#draft;
    this.#separateBiases();
    this.#makeForms();
    this.#fitBiases();
    const products = this.#products();
    const shared: [string, string][] = [];
    for (const [name, mark] of this.#marks.tensors) {
      const form = this.#forms.get(name);
      if (form !== undefined) this.#constant(name, form);
      else if (mark.like !== undefined) shared.push([name, mark.like]);
      else if (this.#draft.initializer(name) === undefined) this.#activation(name);
    }
    this.#shared(shared);
    for (const name of this.#marks.biases.keys()) this.#bias(name);
    graph.node = graph.node.filter((node) => !this.#marks.removed.has(node)).concat(this.#added);
    const clipped = new Map(
      [...this.#marks.removed].map(({ input, output }) => [input[0] ?? "", output[0] ?? ""]),
    );
    const pairs: Pairs = {
      constants: this.#constants,
      activations: this.#activations,
      biases: this.#biases,
      clipped,
      copies: this.#draft.copies,
    };
    return { released: this.#released, weights: this.#forms, products, pairs };
  }

  #makeForms(): void {
    for (const [name, mark] of this.#marks.tensors) {
      const tensor = mark.like === undefined ? this.#draft.initializer(name) : undefined;
      if (tensor === undefined) continue;
      const options =
        mark.kind === "weight" ? weightOptions(this.#draft, mark.axis) : constantOptions(this.#draft);
      const form = formOf(this.#draft, name, tensor, options);
      if (form !== undefined) this.#forms.set(name, form);
    }
  }

  /** While nodes still read weights under their own names. */
  #products(): Map<Node, WeightForm> {
    const products = new Map<Node, WeightForm>();
    for (const node of this.#draft.graph.node) {
      const form = linear.has(node.opType) ? this.#forms.get(node.input[1] ?? "") : undefined;
      if (form !== undefined && this.#draft.chosen.has(node)) products.set(node, form);
    }
    return products;
  }

  /** A constant that is a bias here and something else there needs two forms. */
  #separateBiases(): void {
    for (const [name, mark] of [...this.#marks.biases]) {
      if (!this.#marks.tensors.has(name) && !this.#isReadAsFloat(name)) continue;
      this.#marks.biases.delete(name);
      this.#readers.get(name)?.delete(mark.node);
      this.#marks.biases.set(this.#marks.own(mark.node, 2), mark);
    }
  }

  /**
   * A bias keeps its name: nodes that stay in float32, subgraphs and callers would read what was rounded. For readers
   * by way of an Identity ONNX Runtime's quantiser accepts that, as they are biases too.
   */
  #isReadAsFloat(name: string): boolean {
    const { index, scope } = this.#draft;
    const value = index.resolve(scope, name);
    // What a graph around has is not this one's to round.
    if (value !== undefined && value.scope !== scope) return true;
    if (value?.isOutput || value?.uses.some((use) => use.scope !== scope)) return true;
    const readers = [...(this.#readers.get(name) ?? [])];
    return readers.filter(({ opType }) => opType !== "Identity").length > 1;
  }

  #fitBiases(): void {
    for (const [name, { input, weight, multiplier }] of this.#marks.biases) {
      const form = this.#forms.get(weight);
      const scale = this.#scaleOf(input);
      if (form === undefined || scale === undefined || !this.#suits(name, form.quantized.scales)) continue;
      fitToBias(form, this.#biasValues(name, multiplier), scale);
    }
  }

  /** Scale that a value will have, by way of the values it shares it with. */
  #scaleOf(name: string): number | undefined {
    let at = name;
    for (let step = 0; step < this.#marks.tensors.size; step++) {
      const like = this.#marks.tensors.get(at)?.like;
      if (like === undefined) break;
      at = like;
    }
    if (!this.#marks.tensors.has(at)) return undefined;
    return this.#forms.get(at)?.quantized.scales[0] ?? writtenParameters(this.#draft, at)?.scale;
  }

  #biasValues(name: string, multiplier: number): Float32Array {
    const tensor = this.#draft.initializer(name);
    const values = tensor === undefined ? new Float32Array() : readFloats(tensor);
    return multiplier === 1 ? values : values.map((value) => value * multiplier);
  }

  /** A bias of one element per channel, as a list: DequantizeLinear finds the channels on axis 0. */
  #suits(name: string, scales: Float32Array): boolean {
    const dims = this.#draft.initializer(name)?.dims ?? [];
    return scales.length === 1 || (dims.length === 1 && dims[0] === scales.length);
  }

  /** Lets nodes of the graph read another name, but for those that carry a state. */
  #redirect(from: string, to: string, which: (node: Node) => boolean = () => true): void {
    for (const node of this.#readers.get(from) ?? []) {
      if (this.#draft.carriers.has(node) || !which(node)) continue;
      node.input = node.input.map((name) => (name === from ? to : name));
    }
  }

  #constant(name: string, form: WeightForm): void {
    const names = writeForm(this.#draft, form);
    const output = this.#draft.valueName(`${name}_DequantizeLinear_Output`);
    this.#redirect(name, output);
    this.#released.push(name);
    const { scales, zeroPoints } = form.quantized;
    const { axis, type } = form.options;
    this.#scales.set(name, { names, type, values: scales, zeroPoints });
    const inputs = [names.value, names.scale, names.zeroPoint];
    this.#constants.set(this.#add("DequantizeLinear", name, inputs, output, axis), { name, form });
  }

  #add(opType: string, name: string, inputs: string[], output: string, axis?: number): Node {
    const node = makeNode(opType, inputs, [output], {
      name: this.#draft.nodeName(`${name}_${opType}`),
      attribute: axis === undefined ? [] : [makeInt("axis", axis)],
    });
    this.#added.push(node);
    return node;
  }

  #activation(name: string): void {
    const parameters = writtenParameters(this.#draft, name);
    if (parameters === undefined) return;
    const names = writeParameters(this.#draft, name, parameters);
    const { activation_type: type } = this.#draft.options;
    const { scale, zeroPoint } = parameters;
    this.#pair(name, { names, type, values: Float32Array.of(scale), zeroPoints: [zeroPoint] });
  }

  /** QuantizeLinear and DequantizeLinear on a value that is computed. */
  #pair(name: string, scale: Scale): void {
    const { graph } = this.#draft;
    const integers = this.#draft.valueName(`${name}_QuantizeLinear_Output`);
    let input = name;
    let output = name;
    if (graph.output.some((entry) => entry.name === name)) {
      input = this.#draft.valueName(`${name}_QuantizeLinear_Input`);
      this.#redirect(name, input, (node) => this.#unrounded.has(node));
      const producer = this.#producer(name);
      if (producer !== undefined) {
        producer.output = producer.output.map((entry) => (entry === name ? input : entry));
      }
    } else {
      output = this.#draft.valueName(`${name}_DequantizeLinear_Output`);
      this.#redirect(name, output, (node) => !this.#unrounded.has(node));
    }
    this.#scales.set(name, scale);
    const { scale: scaleName, zeroPoint } = scale.names;
    const before = this.#add("QuantizeLinear", name, [input, scaleName, zeroPoint], integers);
    const after = this.#add("DequantizeLinear", name, [integers, scaleName, zeroPoint], output);
    this.#activations.set(before, { name, after, scale });
  }

  /** Where a Relu went, the node before it makes what the Relu made. */
  #producer(name: string): Node | undefined {
    return this.#draft.graph.node.find(
      (node) => !this.#marks.removed.has(node) && node.output.includes(name),
    );
  }

  /** Values that share the scale of another; chains of them are followed until nothing changes. */
  #shared(waiting: [string, string][]): void {
    let left = waiting;
    for (;;) {
      const next: typeof left = [];
      for (const [name, like] of left) {
        const scale = this.#scales.get(like);
        if (scale === undefined) next.push([name, like]);
        else if (scale.values.length === 1) this.#pair(name, scale);
      }
      if (next.length === left.length) return;
      left = next;
    }
  }

  #bias(name: string): void {
    const { graph, options } = this.#draft;
    const mark = this.#marks.biases.get(name);
    const tensor = this.#draft.initializer(name);
    const input = this.#scales.get(mark?.input ?? "");
    const weight = this.#scales.get(mark?.weight ?? "");
    const [inputScale] = input?.values ?? [];
    if (mark === undefined || tensor === undefined || weight === undefined || inputScale === undefined)
      return;
    if (this.#scales.has(name) || !this.#suits(name, weight.values)) return;
    const values = this.#biasValues(name, mark.multiplier);
    const quantized = quantizeBias(values, inputScale, weight.values, mark.factor);
    if (quantized === undefined) return;
    const count = quantized.scales.length;
    const integers = this.#draft.valueName(`${name}_quantized`);
    const scale = this.#draft.valueName(`${name}_quantized_scale`);
    const zeroPoint = this.#draft.valueName(`${name}_quantized_zero_point`);
    const zeroDims = options.per_channel ? [count] : [];
    if (mark.multiplier !== 1) setAttribute(mark.node, makeFloat("beta", 1));
    graph.initializer = graph.initializer.filter((entry) => entry.name !== name);
    graph.input = graph.input.filter((entry) => entry.name !== name);
    graph.initializer.push(
      makeTensor(integers, "int32", [...tensor.dims], quantized.values),
      makeTensor(scale, "float32", [count], quantized.scales),
      makeTensor(zeroPoint, "int32", zeroDims, new Int32Array(zeroDims[0] ?? 1)),
    );
    const axis = count > 1 ? 0 : undefined;
    const node = this.#add("DequantizeLinear", name, [integers, scale, zeroPoint], name, axis);
    this.#biases.set(node, { name, node: mark.node, multiplier: mark.multiplier });
  }
}
