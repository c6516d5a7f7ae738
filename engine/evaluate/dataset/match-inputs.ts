import { EngineError } from "#engine/error.ts";
import { elementCount, formatShape, type ModelSignature, type TensorSignature } from "../tensors/tensor.ts";
import type { Dataset } from "./dataset.ts";
import type { InputEncoder } from "./encoders.ts";

/**
 * How many items one call takes: any number ("dynamic"), a fixed number, or one item without a batch axis
 * ("none").
 */
export type BatchRule = "dynamic" | "none" | number;

/** How the items of a dataset fill one input of a model. */
export interface InputPlan {
  readonly signature: TensorSignature;
  readonly encoder: InputEncoder;
  readonly batch: BatchRule;
  /** Shape of one item as the model takes it, without the batch axis. */
  readonly itemDims: readonly number[];
  /** Source position of each value of an item, where the axes are exchanged. */
  readonly permutation: Uint32Array | undefined;
}

/**
 * Fits a dataset's inputs to a model's.
 *
 * Item and input need the same number of values. Where the shapes differ beyond that, values keep their order (an
 * image becomes a flat vector, an axis of length 1 comes or goes), except that an image with a declared layout is
 * turned to the model's; an image whose axes would have to be exchanged without one is refused.
 *
 * @throws EngineError "data-mismatch" that says what the model expects and what the dataset gives
 */
export function matchInputs(dataset: Dataset, model: ModelSignature): InputPlan[] {
  const taken = new Map<string, InputEncoder>();
  for (const encoder of dataset.encoders) {
    const { to } = encoder.input;
    const signature =
      typeof to === "number" ? model.inputs[to] : model.inputs.find(({ name }) => name === to);
    if (signature === undefined) {
      throw new EngineError(
        "data-mismatch",
        `The dataset feeds an input ${JSON.stringify(to)}, the model has ${listInputs(model)}`,
      );
    }
    if (taken.has(signature.name)) {
      throw new EngineError("data-mismatch", `The dataset feeds the input "${signature.name}" twice`);
    }
    taken.set(signature.name, encoder);
  }
  const plans = model.inputs.map((signature) => {
    const encoder = taken.get(signature.name);
    if (encoder !== undefined) return planInput(signature, encoder);
    throw new EngineError(
      "data-mismatch",
      `The dataset does not feed the input "${signature.name}"; the model has ${listInputs(model)}`,
    );
  });
  batchOf(plans);
  return plans;
}

function listInputs(model: ModelSignature): string {
  return model.inputs
    .map(({ name, dtype, shape }, index) => `${index}: "${name}" ${dtype} ${formatShape(shape)}`)
    .join(", ");
}

/** The batch rule that all inputs share; "none" and 1 go together. */
export function batchOf(plans: readonly InputPlan[]): BatchRule {
  const fixed = plans.map(({ batch }) => batch).filter((batch) => batch !== "dynamic");
  const sizes = new Set(fixed.map((batch) => (batch === "none" ? 1 : batch)));
  if (sizes.size > 1) {
    throw new EngineError(
      "data-mismatch",
      `The model's inputs have different batches: ${[...sizes].join(", ")}`,
    );
  }
  return fixed[0] ?? "dynamic";
}

function planInput(signature: TensorSignature, encoder: InputEncoder): InputPlan {
  const size = elementCount(encoder.itemShape);
  if ((signature.dtype === "string") !== (encoder.strings !== undefined)) {
    throw new EngineError(
      "data-mismatch",
      `The input "${signature.name}" takes ${signature.dtype}, the dataset gives ${encoder.dtype ?? "numbers"}`,
    );
  }
  const [axis, ...rest] = signature.shape;
  if (axis !== undefined) {
    const batch: BatchRule = typeof axis === "string" ? "dynamic" : axis;
    const fitted = fitShape(rest, encoder, signature.name);
    if (fitted !== undefined) return { signature, encoder, batch, ...fitted };
  }
  const whole = fitShape(signature.shape, encoder, signature.name);
  if (whole !== undefined) return { signature, encoder, batch: "none", ...whole };
  const perItem = rest.every((dim) => typeof dim === "number")
    ? ` (${elementCount(rest as number[])} values)`
    : "";
  throw new EngineError(
    "data-mismatch",
    `The input "${signature.name}" takes ${formatShape(signature.shape)}, an item of ${formatShape(rest)}${perItem}; the dataset gives items of ${formatShape(encoder.itemShape)} (${size} values)`,
  );
}

type Fitted = Pick<InputPlan, "itemDims" | "permutation">;

function fitShape(
  wanted: readonly (number | string)[],
  encoder: InputEncoder,
  name: string,
): Fitted | undefined {
  const { itemShape, input } = encoder;
  if (agrees(wanted, itemShape)) return { itemDims: itemShape, permutation: undefined };
  if (input.layout !== undefined && itemShape.length === 3) {
    const [one, two, three] = itemShape as readonly [number, number, number];
    const turned = input.layout === "NHWC" ? [three, one, two] : [two, three, one];
    if (agrees(wanted, turned)) return { itemDims: turned, permutation: turn(itemShape, input.layout) };
  }
  const itemDims = resolve(wanted, elementCount(itemShape));
  if (itemDims === undefined) return undefined;
  const core = (dims: readonly number[]) => dims.filter((dim) => dim !== 1);
  const [from, to] = [core(itemShape), core(itemDims)];
  const exchanged =
    from.length > 1 && from.join() !== to.join() && from.toSorted().join() === to.toSorted().join();
  if (exchanged) {
    throw new EngineError(
      "data-mismatch",
      `The input "${name}" takes items of ${formatShape(itemDims)}, the dataset gives ${formatShape(itemShape)}: declare the dataset's \`layout\` (NHWC or NCHW) so that the axes can be exchanged`,
    );
  }
  return { itemDims, permutation: undefined };
}

function agrees(wanted: readonly (number | string)[], dims: readonly number[]): boolean {
  return (
    wanted.length === dims.length &&
    wanted.every((dim, index) => typeof dim === "string" || dim === dims[index])
  );
}

/** Fills at most one symbolic dimension so that the count comes out, or undefined. */
function resolve(wanted: readonly (number | string)[], size: number): number[] | undefined {
  const known = wanted.reduce<number>(
    (product, dim) => (typeof dim === "number" ? product * dim : product),
    1,
  );
  const symbols = wanted.filter((dim) => typeof dim === "string").length;
  const missing = symbols === 1 ? size / known : 1;
  if (symbols > 1 || !Number.isInteger(missing) || known * missing !== size) return undefined;
  return wanted.map((dim) => (typeof dim === "number" ? dim : missing));
}

function turn(shape: readonly number[], layout: "NHWC" | "NCHW"): Uint32Array {
  const [height, width, channels] = (layout === "NHWC" ? shape : [shape[1], shape[2], shape[0]]) as readonly [
    number,
    number,
    number,
  ];
  const plane = height * width;
  return Uint32Array.from({ length: plane * channels }, (_, index) =>
    layout === "NHWC"
      ? (index % plane) * channels + Math.floor(index / plane)
      : (index % channels) * plane + Math.floor(index / channels),
  );
}
