import { namesRead } from "#engine/graph/order.ts";
import { makeNode } from "#engine/onnx/attributes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Attribute, Node } from "#engine/onnx/model.ts";
import { microsoftDomain } from "../domains.ts";
import type { QuantizedBias } from "../quantization/bias.ts";
import type { ScaleZeroPoint } from "../quantization/scale.ts";
import { type Draft, type QuantizedNames, suffixed, writtenParameters } from "./draft.ts";
import {
  constantOptions,
  fitToBias,
  formOf,
  type WeightForm,
  weightOptions,
  writeForm,
  writeParameters,
} from "./weights.ts";

/** A value that exists as integers. */
export interface IntegerValue extends QuantizedNames {
  readonly type: "int8" | "uint8";
  /** One, or one per channel. */
  readonly scales: Float32Array;
  readonly zeroPoint0: number;
}

interface Entry {
  readonly value: IntegerValue;
  /** It exists as float32 under its own name too. */
  hasFloat: boolean;
}

export class QOperatorWriter {
  readonly draft: Draft;
  readonly nodes: Node[] = [];
  readonly released: string[] = [];
  readonly weights = new Map<string, WeightForm>();
  /** The weight that each linear operator has now. */
  readonly products = new Map<Node, WeightForm>();
  readonly #entries = new Map<string, Entry>();
  readonly #written = new Map<string, { form: WeightForm; value: IntegerValue }[]>();
  readonly #biases = new Map<string, { bias: QuantizedBias; name: string }[]>();

  constructor(draft: Draft) {
    this.draft = draft;
  }

  /** The integers of a value where there are some already. */
  find(name: string): IntegerValue | undefined {
    return this.#entries.get(name)?.value;
  }

  /** Whether `activation` will give something. */
  canQuantize(name: string): boolean {
    if (this.#entries.has(name)) return true;
    if (!this.draft.isFloat(name)) return false;
    return this.draft.initializer(name) !== undefined || this.draft.ranges.has(name);
  }

  /** The integers of a value: those there are, a constant as integers, or the result of a QuantizeLinear. */
  activation(name: string): IntegerValue | undefined {
    const known = this.find(name);
    if (known !== undefined) return known;
    const tensor = this.draft.initializer(name);
    if (tensor !== undefined) {
      const form = formOf(this.draft, name, tensor, constantOptions(this.draft));
      if (form !== undefined) this.weights.set(name, form);
      const value = form && this.#write(form);
      if (value !== undefined) this.#entries.set(name, { value, hasFloat: true });
      return value;
    }
    const parameters = writtenParameters(this.draft, name);
    if (parameters === undefined) return undefined;
    const value = this.#declare(name, parameters);
    this.#entries.set(name, { value, hasFloat: true });
    this.nodes.push(
      makeNode("QuantizeLinear", [name, value.scale, value.zeroPoint], [value.value], {
        name: this.draft.nodeName(`${name}_QuantizeLinear`),
      }),
    );
    return value;
  }

  /**
   * A constant as a weight.
   *
   * @param axis of the channels
   * @param fit the bias that will be added, and the scale of the other factor
   */
  weight(
    name: string,
    axis: number | undefined,
    fit?: { bias: Float32Array; inputScale: number },
  ): IntegerValue | undefined {
    const tensor = this.draft.initializer(name);
    if (tensor === undefined) return this.activation(name);
    const perChannel = this.draft.options.per_channel ? axis : undefined;
    const form = formOf(this.draft, name, tensor, weightOptions(this.draft, perChannel));
    if (form === undefined) return undefined;
    if (fit !== undefined) fitToBias(form, fit.bias, fit.inputScale);
    this.weights.set(name, form);
    return this.#write(form);
  }

  /** Writes a constant once for all nodes that need it with the same scales. */
  #write(form: WeightForm): IntegerValue {
    const { options, quantized, name } = form;
    const known = this.#written.get(name) ?? [];
    const same = known.find(
      (entry) =>
        entry.form.options.type === options.type &&
        entry.form.options.axis === options.axis &&
        entry.form.quantized.scales.every((scale, at) => scale === quantized.scales[at]),
    );
    if (same !== undefined) return same.value;
    const names = writeForm(this.draft, form);
    const { scales, zeroPoints } = quantized;
    const value = { ...names, type: options.type, scales, zeroPoint0: zeroPoints[0] ?? 0 };
    this.#written.set(name, [...known, { form, value }]);
    this.released.push(name);
    return value;
  }

  /** Writes a bias as int32 and gives its name. */
  bias(name: string, bias: QuantizedBias): string {
    const known = this.#biases.get(name) ?? [];
    const same = known.find((entry) => entry.bias.values.every((value, at) => value === bias.values[at]));
    if (same !== undefined) return same.name;
    const written = this.draft.valueName(`${name}_quantized`);
    const dims = this.draft.initializer(name)?.dims ?? [];
    this.draft.graph.initializer.push(makeTensor(written, "int32", [...dims], bias.values));
    this.#biases.set(name, [...known, { bias, name: written }]);
    this.released.push(name);
    return written;
  }

  #declare(name: string, parameters: ScaleZeroPoint, suffix = "_quantized"): IntegerValue {
    return {
      ...writeParameters(this.draft, name, parameters),
      value: this.draft.valueName(name + suffix),
      type: this.draft.options.activation_type,
      scales: Float32Array.of(parameters.scale),
      zeroPoint0: parameters.zeroPoint,
    };
  }

  /** The integers that an operator will make, with a scale of their own. */
  result(name: string, parameters = writtenParameters(this.draft, name)): IntegerValue | undefined {
    if (parameters === undefined) return undefined;
    const value = this.#declare(name, parameters);
    this.#entries.set(name, { value, hasFloat: false });
    return value;
  }

  /** The integers that an operator will make, with the scale of others. */
  resultLike(name: string, like: IntegerValue, suffix = "_quantized"): IntegerValue {
    const value = { ...like, value: this.draft.valueName(name + suffix) };
    this.#entries.set(name, { value, hasFloat: false });
    return value;
  }

  /** Lets a value be the same integers as another. */
  alias(name: string, value: IntegerValue): void {
    this.#entries.set(name, { value, hasFloat: false });
  }

  /** Makes sure that a value can be read as float32 under its own name. */
  float(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined || entry.hasFloat) return;
    entry.hasFloat = true;
    const { value, scale, zeroPoint } = entry.value;
    this.nodes.push(
      makeNode("DequantizeLinear", [value, scale, zeroPoint], [name], {
        name: this.draft.nodeName(`${name}_DequantizeLinear`),
      }),
    );
  }

  /** A node stays as it is, in float32. */
  keep(node: Node): void {
    for (const name of namesRead(node)) this.float(name);
    this.nodes.push(node);
  }

  /** The integer operator that takes the place of a node. */
  emit(
    opType: string,
    node: Node,
    input: string[],
    output: string[],
    attribute: Attribute[] = node.attribute,
    domain: string | undefined = microsoftDomain,
  ): void {
    const name = suffixed(this.draft, node.name, "_quant");
    this.nodes.push(makeNode(opType, input, output, { name, domain, attribute }));
  }
}

/** Inputs that name a value, its scale and its zero point, in this order. */
export function triple({ value, scale, zeroPoint }: QuantizedNames): string[] {
  return [value, scale, zeroPoint];
}
