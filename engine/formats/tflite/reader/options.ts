import { EngineError } from "#engine/error.ts";
import type { FlatTable } from "./flat.ts";

/** A number in the options of an operator: its position in the table, how it is stored, what it is where it is absent. */
export interface OptionField {
  readonly at: number;
  readonly kind: "byte" | "int" | "float";
  readonly fallback: number;
}

const byte = (at: number, fallback = 0): OptionField => ({ at, kind: "byte", fallback });
const int = (at: number, fallback = 0): OptionField => ({ at, kind: "int", fallback });
const float = (at: number): OptionField => ({ at, kind: "float", fallback: 0 });

/**
 * The tables of options that conversions read (`schema.fbs` of TensorFlow Lite, version 3c), flags and enumerations as
 * bytes.
 */
export const optionTables = {
  conv2d: {
    padding: byte(0),
    strideW: int(1),
    strideH: int(2),
    activation: byte(3),
    dilationW: int(4, 1),
    dilationH: int(5, 1),
  },
  depthwiseConv2d: {
    padding: byte(0),
    strideW: int(1),
    strideH: int(2),
    depthMultiplier: int(3),
    activation: byte(4),
    dilationW: int(5, 1),
    dilationH: int(6, 1),
  },
  transposeConv: { padding: byte(0), strideW: int(1), strideH: int(2), activation: byte(3) },
  pool2d: {
    padding: byte(0),
    strideW: int(1),
    strideH: int(2),
    filterW: int(3),
    filterH: int(4),
    activation: byte(5),
  },
  fullyConnected: { activation: byte(0), weightsFormat: byte(1), keepNumDims: byte(2) },
  /** Add, Sub, Mul, Div and L2Norm: the activation comes first. */
  activated: { activation: byte(0) },
  softmax: { beta: float(0) },
  concatenation: { axis: int(0), activation: byte(1) },
  gather: { axis: int(0), batchDims: int(1) },
  reducer: { keepDims: byte(0) },
  pack: { valuesCount: int(0), axis: int(1) },
  unpack: { num: int(0), axis: int(1) },
  split: { numSplits: int(0) },
  stridedSlice: {
    beginMask: int(0),
    endMask: int(1),
    ellipsisMask: int(2),
    newAxisMask: int(3),
    shrinkAxisMask: int(4),
    offset: byte(5),
  },
  resize: { alignCorners: byte(0), halfPixelCenters: byte(1) },
  /** Two deprecated fields stand first. */
  resizeBilinear: { alignCorners: byte(2), halfPixelCenters: byte(3) },
  leakyRelu: { alpha: float(0) },
  mirrorPad: { mode: byte(0) },
  gelu: { approximate: byte(0) },
  batchMatMul: { adjointX: byte(0), adjointY: byte(1) },
  blockSize: { blockSize: int(0) },
  oneHot: { axis: int(0) },
  localResponse: { radius: int(0), bias: float(1), alpha: float(2), beta: float(3) },
  reverseSequence: { sequenceDim: int(0), batchDim: int(1) },
  cumsum: { exclusive: byte(0), reverse: byte(1) },
  sequenceLstm: {
    activation: byte(0),
    cellClip: float(1),
    projectionClip: float(2),
    timeMajor: byte(3),
    asymmetricInputs: byte(4),
    diagonal: byte(5),
  },
} as const satisfies Record<string, Record<string, OptionField>>;

type Values<Fields> = { readonly [Name in keyof Fields]: number };

/**
 * The options of an operator, with defaults where the file leaves them or the whole table out.
 *
 * @throws EngineError "malformed" for a number that is none
 */
export function readOptions<Fields extends Readonly<Record<string, OptionField>>>(
  table: FlatTable | undefined,
  fields: Fields,
): Values<Fields> {
  const values: Record<string, number> = {};
  for (const [name, { at, kind, fallback }] of Object.entries(fields)) {
    const value = table === undefined ? fallback : table[kind](at, fallback, name);
    if (!Number.isFinite(value))
      throw new EngineError("malformed", `Option ${name} is ${value}`, table?.place);
    values[name] = value;
  }
  // Every name of `fields` was given a number just now.
  return values as Values<Fields>;
}
