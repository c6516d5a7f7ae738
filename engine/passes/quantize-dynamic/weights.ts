import { makeNode } from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { LazyBytes } from "#engine/onnx/lazy.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Tensor } from "#engine/onnx/model.ts";
import { elementCount } from "#engine/onnx/tensor.ts";
import { type EngineRemark, isRemark, say } from "#engine/say.ts";
import type { Constant } from "../constants.ts";
import { MappedBytes } from "../mapped-bytes.ts";
import { float32Bytes, isLarge } from "../pieces.ts";
import type { Pool } from "../pool.ts";
import { type Extent, wholeExtent } from "../quantization/extent.ts";
import { integersOf } from "../quantization/integers.ts";
import { type Quantized, quantizeChannels } from "../quantization/quantize.ts";
import { integerRange } from "../quantization/range.ts";
import { scaleZeroPoint } from "../quantization/scale.ts";
import type { Plan } from "./plan.ts";
import type { QuantizedNames, Quantizer } from "./state.ts";

type WeightType = "int8" | "uint8";

/** What a node needs of a weight. */
export interface WeightRequest {
  readonly constant: Constant;
  /** Rows and columns exchanged, or the last two of three axes for LSTM. */
  readonly layout: "plain" | "transposed" | "lstm";
  readonly type: WeightType;
  readonly perChannel: boolean;
  readonly reduceRange: boolean;
}

/**
 * Quantised weights, made once for all nodes that share a tensor. The names are ONNX Runtime's for the first form of
 * a tensor; further forms, where nodes need another layout or range, get a number.
 */
export class WeightStore {
  readonly #quantizer: Quantizer;
  /** Layouts that the planned nodes need, by the name's value; decides how a shared matrix is stored. */
  readonly #needed = new Map<unknown, Set<string>>();
  readonly #made = new Map<unknown, Map<string, QuantizedNames>>();
  readonly #flipped = new Map<string, string>();
  readonly #extents: ReadonlyMap<Tensor, Extent>;

  constructor(quantizer: Quantizer, plans: Iterable<Plan>, extents: ReadonlyMap<Tensor, Extent>) {
    this.#quantizer = quantizer;
    this.#extents = extents;
    for (const plan of plans) {
      for (const { constant, layout } of requests(plan, quantizer)) {
        const set = this.#needed.get(constant.value) ?? new Set<string>();
        this.#needed.set(constant.value, set.add(layout));
      }
    }
  }

  /**
   * The quantised weight in the layout asked for, or the reason where its values have no scale. A matrix that some
   * nodes read as it is and others transposed is stored once, as it is; a Transpose, which the runtime folds when it
   * loads the model, serves the others.
   */
  get(request: WeightRequest): QuantizedNames | EngineRemark {
    const { constant, layout, perChannel } = request;
    const both = layout === "transposed" && this.#needed.get(constant.value)?.has("plain") === true;
    if (!both || perChannel) return this.#stored(request);
    const plain = this.#stored({ ...request, layout: "plain" });
    if (isRemark(plain)) return plain;
    let value = this.#flipped.get(plain.value);
    if (value === undefined) {
      value = this.#quantizer.valueName(`${plain.value}_transposed`);
      this.#flipped.set(plain.value, value);
      this.#quantizer.states
        .get(constant.value.scope)
        ?.nodes.push(
          makeNode("Transpose", [plain.value], [value], { name: this.#quantizer.nodeName(value) }),
        );
    }
    return { ...plain, value };
  }

  #stored(request: WeightRequest): QuantizedNames | EngineRemark {
    const { constant, layout, type, perChannel, reduceRange } = request;
    const forms = this.#made.get(constant.value) ?? new Map<string, QuantizedNames>();
    this.#made.set(constant.value, forms);
    // Per tensor, whichever integer type came first serves all.
    const key = [layout, perChannel, reduceRange, perChannel ? type : ""].join();
    const known = forms.get(key);
    if (known !== undefined) return known;
    const tensor = this.#quantize(request);
    if (tensor === undefined) return say("quantization.overflows", { name: constant.value.name });
    const base = constant.value.name;
    const names = {
      value: this.#quantizer.valueName(`${base}_quantized`),
      scale: this.#quantizer.valueName(`${base}_scale`),
      zeroPoint: this.#quantizer.valueName(`${base}_zero_point`),
    };
    forms.set(key, names);
    const graph = this.#quantizer.states.get(constant.value.scope)?.graph;
    const zeroPoints = (type === "int8" ? Int8Array : Uint8Array).from(tensor.zeroPoints);
    const value =
      tensor.values instanceof LazyBytes
        ? { name: names.value, dataType: dtypes[type].code, dims: tensor.dims, rawData: tensor.values }
        : makeTensor(names.value, type, tensor.dims, tensor.values);
    graph?.initializer.push(
      makeTensor(names.scale, "float32", tensor.scaleDims, tensor.scales),
      makeTensor(names.zeroPoint, type, tensor.scaleDims, zeroPoints),
      value,
    );
    return names;
  }

  #quantize(request: WeightRequest): QuantizedWeight | undefined {
    const { constant, layout, type, perChannel, reduceRange } = request;
    const dims = constant.tensor.dims;
    const options = { symmetric: type === "int8", reduceRange };
    const extent = isElementwise(request) ? this.#extents.get(constant.tensor) : undefined;
    if (extent !== undefined) return deferred(constant.tensor, extent, type, options);
    const data = readFloats(constant.tensor);
    if (layout === "lstm") return quantizeLstm(data, dims, perChannel, options);
    const last = dims.at(-1) ?? 1;
    const transposed = layout === "transposed";
    // The columns of the matrix as the node reads it are the rows of the stored one where that is transposed.
    const channels = !perChannel ? 1 : transposed ? (dims[0] ?? 1) : last;
    const inner = !perChannel ? data.length : transposed ? last : 1;
    const found = quantizeChannels(data, { channels, inner }, type, options);
    if (found === undefined) return undefined;
    const scaleDims = perChannel ? [channels] : [];
    if (!transposed) return { ...found, dims: [...dims], scaleDims };
    return {
      ...found,
      values: transposeMatrices(found.values, 1, dims[0] ?? 1, last),
      dims: [last, dims[0] ?? 1],
      scaleDims,
    };
  }
}

type QuantizedWeight = Omit<Quantized, "values"> & {
  readonly values: Quantized["values"] | LazyBytes;
  readonly dims: number[];
  readonly scaleDims: number[];
};

/** One scale for all values, which stay where they are. */
function isElementwise({ layout, perChannel }: WeightRequest): boolean {
  return layout === "plain" && !perChannel;
}

/** Extents of the large weights that are quantised element by element, found on all cores. */
export async function scanWeights(
  plans: Iterable<Plan>,
  quantizer: Pick<Quantizer, "options">,
  pool: Pool,
): Promise<ReadonlyMap<Tensor, Extent>> {
  const elementwise = new Set<Tensor>();
  for (const plan of plans) {
    for (const request of requests(plan, quantizer)) {
      if (isElementwise(request)) elementwise.add(request.constant.tensor);
    }
  }
  const wanted: [Tensor, Uint8Array | LazyBytes][] = [];
  for (const tensor of elementwise) {
    const bytes = float32Bytes(tensor);
    if (isLarge(bytes)) wanted.push([tensor, bytes]);
  }
  const found = wanted.map(async ([tensor, bytes]) => [tensor, await wholeExtent(pool, bytes)] as const);
  return new Map(await Promise.all(found));
}

/** The integers are worked out when they are written. */
function deferred(
  tensor: Tensor,
  { min, max, isNumber }: Extent,
  type: WeightType,
  options: { symmetric: boolean; reduceRange: boolean },
): QuantizedWeight | undefined {
  const { scale, zeroPoint } = scaleZeroPoint(min, max, integerRange(type, options), options.symmetric);
  if (!isNumber || !Number.isFinite(scale) || !Number.isFinite(zeroPoint)) return undefined;
  return {
    values: new MappedBytes(integersOf, float32Bytes(tensor), { type, scale, zeroPoint }),
    scales: Float32Array.of(scale),
    zeroPoints: [zeroPoint],
    dims: [...tensor.dims],
    scaleDims: [],
  };
}

/** W or R of an LSTM, [directions, 4·hidden, size] → [directions, size, 4·hidden], one scale per direction or row. */
function quantizeLstm(
  data: Float32Array,
  dims: readonly number[],
  perChannel: boolean,
  options: { symmetric: boolean; reduceRange: boolean },
): QuantizedWeight | undefined {
  const [directions = 1, rows = 1, size = 1] = dims;
  const layout = perChannel
    ? { channels: directions * rows, inner: size }
    : { channels: directions, inner: rows * size };
  const found = quantizeChannels(data, layout, "int8", options);
  if (found === undefined) return undefined;
  return {
    ...found,
    values: transposeMatrices(found.values, directions, rows, size),
    dims: [directions, size, rows],
    scaleDims: perChannel ? [directions, rows] : [directions],
  };
}

/** Transposes each of `count` matrices of rows × columns. */
function transposeMatrices<T extends Quantized["values"]>(
  values: T,
  count: number,
  rows: number,
  columns: number,
): T {
  const out = values.slice() as T;
  for (let matrix = 0; matrix < count; matrix++) {
    const start = matrix * rows * columns;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        out[start + column * rows + row] = values[start + row * columns + column] ?? 0;
      }
    }
  }
  return out;
}

/** Every weight that a planned node needs, in the order in which ONNX Runtime quantises them. */
export function requests(plan: Plan, { options }: Pick<Quantizer, "options">): WeightRequest[] {
  const reduceRange = options.reduce_range;
  const type = options.weight_type;
  switch (plan.kind) {
    case "matmul": {
      const layout = plan.weight.transposed ? "transposed" : "plain";
      const perChannel = isPerChannel(plan, options);
      return [{ constant: plan.weight, layout, type, perChannel, reduceRange }];
    }
    case "attention":
      return [{ constant: plan.weight, layout: "plain", type, perChannel: options.per_channel, reduceRange }];
    case "conv":
      return [{ constant: plan.weight, layout: "plain", type, perChannel: false, reduceRange }];
    case "gather":
      return [
        { constant: plan.weight, layout: "plain", type: "uint8", perChannel: false, reduceRange: false },
      ];
    case "lstm":
      return plan.weights.map((constant) => ({
        constant,
        layout: "lstm",
        type: "int8",
        perChannel: options.per_channel,
        reduceRange,
      }));
    case "transpose":
      return [];
  }
}

/** Whether a plan's weights get one scale per channel. ONNX Runtime's kernel takes those for matrices only. */
export function isPerChannel(plan: Plan, options: Quantizer["options"]): boolean {
  if (plan.kind === "matmul") return options.per_channel && plan.weight.tensor.dims.length === 2;
  return options.per_channel && (plan.kind === "lstm" || plan.kind === "attention");
}

/** Elements that a plan quantises, for progress. */
export function planSize(plan: Plan): number {
  if (plan.kind === "transpose") return 0;
  const weights: readonly Constant[] = plan.kind === "lstm" ? plan.weights : [plan.weight];
  return weights.reduce((sum, weight) => sum + elementCount(weight.tensor.dims), 0);
}
