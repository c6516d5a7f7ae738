import type { DType } from "#engine/onnx/dtypes.ts";
import type { LiteTensor } from "../reader/lite-model.ts";
import { activations, clipOf, integerClip } from "./activations.ts";
import { constants } from "./ends.ts";
import { innerForm, integerArray } from "./integers.ts";
import type { Site } from "./site.ts";

/** Types that ONNX operators compute with as they are. */
const plainTypes: ReadonlySet<DType> = new Set(["float32", "float64", "int32", "int64", "uint32", "uint64"]);

/**
 * The numbers that integers stand for: a DequantizeLinear of its own for each reader, so that the runtime finds it beside
 * the operator and makes an integer kernel of both.
 *
 * @param value the integers, in whatever order of axes
 * @param form of them, its axis in that order
 */
export function dequantized(site: Site, value: string, tensor: LiteTensor, form = innerForm(tensor)): string {
  if (form === undefined) return value;
  const inputs = [value, ...constants(site.writer, site.writer.name(tensor), form)];
  return site.node("DequantizeLinear", inputs, form.scales.length === 1 ? {} : { axis: form.axis });
}

/** A tensor as numbers to compute with. */
export function numbers(site: Site, tensor: LiteTensor): string {
  const value = site.writer.value(tensor);
  if (innerForm(tensor) !== undefined) return dequantized(site, value, tensor);
  if (tensor.type === "float16")
    return tensor.data === undefined ? site.node("Cast", [value], { to: 1 }) : value;
  if (!plainTypes.has(tensor.type)) site.refuse(`of ${tensor.type} without scales`);
  return value;
}

/** What comes after an operator: the activation within it, and how the axes go back to their places. */
export interface Ending {
  /** Code of the activation. */
  readonly activation?: number;
  /** Moves axes or gives a shape; of integers, where the tensor has them. */
  readonly move?: (value: string) => string;
}

/**
 * Numbers become a tensor: activation, rounding to its integers if it has them, then the move of axes, so that a
 * QuantizeLinear stands directly behind the operator. An activation that clips within the range of the integers clips
 * them, as TensorFlow Lite does, and so does not come between.
 */
export function store(site: Site, tensor: LiteTensor, value: string, ending: Ending = {}): void {
  const { activation = activations.none, move = (same: string) => same } = ending;
  const form = innerForm(tensor);
  if (form === undefined) {
    const active = activate(site, value, activation);
    site.name(move(tensor.type === "float16" ? site.node("Cast", [active], { to: 10 }) : active), tensor);
    return;
  }
  if (form.scales.length !== 1) site.refuse("into several scales");
  const clip = clipOf(activation);
  if (activation !== activations.none && clip === undefined) site.refuse("with an activation on integers");
  const bounds = clip && integerClip(clip, form);
  // There is no Clip of 16-bit integers.
  const clipped = bounds !== undefined && form.type === "int16" ? activate(site, value, activation) : value;
  const name = site.writer.name(tensor);
  let integers = site.node("QuantizeLinear", [clipped, ...constants(site.writer, name, form)]);
  if (bounds !== undefined && form.type !== "int16") {
    const bound = (end: "least" | "most") =>
      site.writer.constant(`${name}/${end}`, form.type, [], integerArray(form.type, [bounds[end]]));
    integers = site.node("Clip", [integers, bound("least"), bound("most")]);
  }
  site.name(move(integers), tensor);
}

/** An activation on numbers. */
export function activate(site: Site, value: string, activation: number): string {
  if (activation === activations.none) return value;
  if (activation === activations.relu) return site.node("Relu", [value]);
  if (activation === activations.tanh) return site.node("Tanh", [value]);
  const clip = clipOf(activation);
  if (clip === undefined) return site.refuse(`with activation ${activation}`);
  return site.node("Clip", [value, site.scalar(clip.least), site.scalar(clip.most)]);
}
