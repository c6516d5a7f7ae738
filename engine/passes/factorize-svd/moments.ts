import { toNumbers } from "#engine/evaluate/tensors/elements.ts";
import type { HostTensor } from "#engine/evaluate/tensors/tensor.ts";
import type { ModelIndex } from "#engine/graph/index.ts";
import { smallIntAttribute } from "#engine/onnx/attributes.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { type EngineRemark, isRemark, say } from "#engine/say.ts";
import { Gram } from "../../linear-algebra/gram.ts";
import type { Weighting } from "../../linear-algebra/low-rank.ts";
import { type Matrix, matrixOf, transposed } from "../../linear-algebra/matrix.ts";
import { product } from "../../linear-algebra/product.ts";
import { findConstant } from "../constants.ts";
import { withoutFilledTurns } from "../observation/filling.ts";
import { type Place, places } from "../observation/place.ts";
import type { Sight } from "../observation/sight.ts";
import { observePlaces } from "../observe.ts";
import type { PassContext } from "../pass.ts";
import { type Layer, maxSide } from "./layers.ts";
import { mapsColumnsToRows, type Reader } from "./readers.ts";
import { evenRows, positionRows } from "./rows.ts";

/** Layers looked at in one run over the data: their values of a batch are in memory together. */
const layersPerRun = 24;

/** Second moments settle with a few rows for each of their sides; a sequence or an image gives hundreds an item. */
const leastRows = 2048;
const rowsPerSide = 4;

/** Turns what a node reads or writes for a batch into rows that are added to the moments. */
interface Probe {
  readonly place: Place;
  readonly gram: Gram;
  rowsOf(value: HostTensor, share: number, most: number): Matrix | undefined;
}

/**
 * Second moments of what every layer multiplies or gives, over the calibration data: on the side of the weight that
 * is smaller, because the decomposition has the size of that side. Of long sequences and large images evenly spaced
 * rows are taken.
 *
 * @returns by layer its weighting, or the reason why only its weights count
 */
export async function observedMoments(
  model: Model,
  index: ModelIndex,
  layers: readonly Layer[],
  damping: number,
  context: PassContext,
): Promise<(Weighting | EngineRemark)[]> {
  const results: (Weighting | EngineRemark)[] = [];
  const at = places();
  for (let from = 0; from < layers.length; from += layersPerRun) {
    const part = layers.slice(from, from + layersPerRun);
    const probes = part.map((layer) => probesOf(index, layer, at));
    const sight = await run(
      model,
      probes.flatMap((probe) => (isRemark(probe) ? [] : probe)),
      context,
    );
    for (const [which, probe] of probes.entries()) {
      const layer = part[which];
      if (layer !== undefined) results.push(isRemark(probe) ? probe : resultOf(layer, probe, sight, damping));
    }
    context.onProgress(results.length / layers.length);
  }
  return results;
}

async function run(model: Model, probes: readonly Probe[], context: PassContext): Promise<Sight | undefined> {
  if (probes.length === 0) return undefined;
  const items = Math.max(1, context.calibration?.items ?? 1);
  const wanted = probes.map(({ place }) => place);
  return observePlaces(model, wanted, context, ({ values, batch }) => {
    for (const { place, gram, rowsOf } of probes) {
      const turns = withoutFilledTurns(values.get(place) ?? [], batch);
      const perItem = Math.ceil(Math.max(leastRows, rowsPerSide * gram.size) / items);
      const perTurn = Math.ceil((perItem * batch.rows.length) / Math.max(1, turns.length));
      for (const value of turns) {
        // A fixed batch is filled up with copies of its last item.
        const share = value.dims[0] === batch.size ? batch.rows.length / batch.size : 1;
        const rows = rowsOf(value, share, perTurn);
        if (rows !== undefined) gram.add(rows);
      }
    }
  });
}

function resultOf(
  layer: Layer,
  probes: readonly Probe[],
  sight: Sight | undefined,
  damping: number,
): Weighting | EngineRemark {
  const gram = probes[0]?.gram;
  if (gram === undefined) return say("observation.nothing");
  const fault = sight?.fault(probes.map(({ place }) => place));
  if (fault !== undefined) return fault;
  const moments = gram.values();
  let trace = 0;
  for (let at = 0; at < moments.length; at += gram.size + 1) trace += moments[at]!;
  if (!moments.every(Number.isFinite)) return say("factorize-svd.givesNotFinite");
  if (trace <= 0) return say("factorize-svd.givesZero");
  return {
    side: readsInputs(layer) ? "inputs" : "outputs",
    moments,
    damping,
  };
}

const inputsOf = ({ flipped, rows, columns }: Layer) => (flipped ? columns : rows);
const outputsOf = ({ flipped, rows, columns }: Layer) => (flipped ? rows : columns);
const isConv = ({ tensor }: Layer) => tensor.dims.length > 2;

/** Convolutions are seen by their outputs alone: their inputs overlap. */
const readsInputs = (layer: Layer) => !isConv(layer) && inputsOf(layer) < outputsOf(layer);

type Placing = ReturnType<typeof places>;

function probesOf(index: ModelIndex, layer: Layer, at: Placing): Probe[] | EngineRemark {
  if (layer.readers.some((reader) => mapsColumnsToRows(reader) !== layer.flipped))
    return say("factorize-svd.bothWays");
  const size = readsInputs(layer) ? inputsOf(layer) : outputsOf(layer);
  if (size > maxSide) return say("factorize-svd.manyOutputs", { most: maxSide });
  const gram = new Gram(size);
  const probes = layer.readers.map((reader) => probeOf(index, layer, reader, at, gram));
  return probes.find(isRemark) ?? probes.filter((probe): probe is Probe => !isRemark(probe));
}

function probeOf(
  index: ModelIndex,
  layer: Layer,
  { node, scope, kind }: Reader,
  at: Placing,
  gram: Gram,
): Probe | EngineRemark {
  const input = node.input[0] ?? "";
  const output = node.output[0] ?? "";
  if (kind === "conv") {
    const name = node.input[2] ?? "";
    const bias = name === "" ? undefined : findConstant(index, scope, name)?.tensor;
    if (name !== "" && bias === undefined) return say("factorize-svd.biasComputed");
    const offsets = bias === undefined ? new Float32Array(gram.size) : readFloats(bias);
    if (offsets.length !== gram.size) return say("factorize-svd.biasUnfit");
    return {
      gram,
      place: at(scope, output),
      rowsOf: (value, share, most) => positionRows(value, offsets, share, most),
    };
  }
  if (kind === "matmul") {
    return {
      gram,
      place: at(scope, readsInputs(layer) ? input : output),
      rowsOf: (value, share, most) => evenRows(value, gram.size, share, most),
    };
  }
  if (kind !== "gemm") return say("factorize-svd.notLookedAt");
  const turned = smallIntAttribute(node, "transA") === 1;
  return {
    gram,
    place: at(scope, input),
    rowsOf: (value, share, most) => {
      const inputs = inputsOf(layer);
      const x = turned ? turnedRows(value, inputs) : evenRows(value, inputs, share, most);
      return x === undefined || readsInputs(layer) ? x : outputsFrom(x, layer);
    },
  };
}

/** All columns of a matrix as rows: with transA the items stand side by side. */
function turnedRows(value: HostTensor, inputs: number): Matrix | undefined {
  const [rows = 0, columns = 0] = value.dims;
  return rows === inputs && value.dims.length === 2
    ? transposed(matrixOf(toNumbers(value), rows, columns))
    : undefined;
}

/** X W: what a Gemm gives before its bias, which may be of any shape. */
function outputsFrom(x: Matrix, layer: Layer): Matrix {
  const stored = matrixOf(readFloats(layer.tensor), layer.rows, layer.columns);
  return matrixOf(product(x, layer.flipped ? transposed(stored) : stored), x.rows, outputsOf(layer));
}
