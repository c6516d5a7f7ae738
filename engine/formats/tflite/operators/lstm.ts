import { readFloats } from "#engine/onnx/make.ts";
import type { LiteTensor } from "../reader/lite-model.ts";
import { optionTables } from "../reader/options.ts";
import { activations } from "../writer/activations.ts";
import { constantTensor, elementsOf } from "../writer/constants.ts";
import { integerForm } from "../writer/integers.ts";
import { numbers, store } from "../writer/numbers.ts";
import type { Site } from "../writer/site.ts";
import { integerValues } from "../writer/values.ts";
import { constantOf } from "../writer/weights.ts";
import type { Converter } from "./converter.ts";

/** Where the inputs of an LSTM stand; each group is input, forget, cell, output gate. */
const places = { weights: 1, recurrent: 5, peepholes: 9, biases: 12, projection: 16, layerNorms: 20 };

/** ONNX's order of gates, as numbers of TensorFlow Lite's: input, output, forget, cell. */
const gates = [0, 3, 1, 2];

/**
 * UNIDIRECTIONAL_SEQUENCE_LSTM in float32; weights in integers become float32. The state begins at zero, as it does in
 * TensorFlow Lite until a model has run, and after a reset.
 */
const sequenceLstm: Converter = (site) => {
  const options = site.options(optionTables.sequenceLstm);
  const [x, to] = [site.input(0), site.output()];
  site.rank(x, 3);
  if (integerForm(x) !== undefined) site.refuse("on integers");
  if (options.activation !== activations.tanh) site.refuse(`with activation ${options.activation}`);
  if (options.cellClip !== 0 || options.projectionClip !== 0) site.refuse("with clipping");
  if (options.diagonal !== 0) site.refuse("with diagonal weights");
  if (site.optional(places.projection) !== undefined) site.refuse("with a projection");
  const norms = [0, 1, 2, 3].some((gate) => site.optional(places.layerNorms + gate) !== undefined);
  if (norms) site.refuse("with layer normalisation");
  if (site.optional(places.weights) === undefined) site.refuse("with coupled gates");
  for (const gate of [0, 1, 2, 3]) {
    site.input(places.weights + gate);
    site.input(places.recurrent + gate);
  }
  const units = site.input(places.recurrent).shape[1] ?? 0;
  const depth = x.shape[2] ?? 0;
  const name = site.writer.name(to);
  const inputs = [
    options.timeMajor === 0 ? site.transpose(numbers(site, x), [1, 0, 2]) : numbers(site, x),
    gathered(site, `${name}/W`, gateTensors(site, places.weights), [1, 4 * units, depth]),
    gathered(site, `${name}/R`, gateTensors(site, places.recurrent), [1, 4 * units, units]),
    // ONNX adds a second bias, which stays zero.
    gathered(site, `${name}/B`, gateTensors(site, places.biases), [1, 8 * units], 2),
  ];
  // Peepholes of the input, the output and the forget gate.
  const peepholes = [0, 2, 1].map((gate) => site.optional(places.peepholes + gate));
  if (peepholes.some((tensor) => tensor !== undefined))
    inputs.push("", "", "", gathered(site, `${name}/P`, peepholes, [1, 3 * units]));
  const all = site.node("LSTM", inputs, { hidden_size: units });
  const steps = site.node("Squeeze", [all, site.ints("axes_1", [1])]);
  store(site, to, options.timeMajor === 0 ? site.transpose(steps, [1, 0, 2]) : steps);
};

function gateTensors(site: Site, first: number): (LiteTensor | undefined)[] {
  return gates.map((gate) => site.optional(first + gate));
}

/**
 * Constants one after the other as float32, zeros where one is left out.
 *
 * @param room how many times the values of all there is place for
 */
function gathered(
  site: Site,
  name: string,
  tensors: readonly (LiteTensor | undefined)[],
  dims: number[],
  room = 1,
): string {
  const size = elementsOf(dims);
  const parts = tensors.map((tensor) => (tensor === undefined ? undefined : floats(site, tensor)));
  const each = size / tensors.length / room;
  if (parts.some((part) => part !== undefined && part.length !== each))
    site.refuse("with weights that do not fit each other");
  const values = new Float32Array(size);
  for (const [item, part] of parts.entries()) if (part !== undefined) values.set(part, item * each);
  return site.writer.constant(name, "float32", dims, values);
}

function floats(site: Site, tensor: LiteTensor): Float32Array {
  const constant = constantOf(site, tensor);
  if (constant === undefined) return site.refuse("with computed weights");
  return integerForm(constant) === undefined
    ? readFloats(constantTensor(constant, ""))
    : integerValues(constant);
}

export const recurrent = { UNIDIRECTIONAL_SEQUENCE_LSTM: sequenceLstm } satisfies Record<string, Converter>;
