import type { DType } from "#engine/onnx/dtypes.ts";
import type { FlatTable } from "./flat.ts";

/** How integers stand for numbers: scale · (q − zero point), one of each or one for every index of an axis. */
export interface Quantization {
  /** Finite and above zero. */
  readonly scales: readonly number[];
  /** As many as scales. */
  readonly zeroPoints: readonly number[];
  readonly axis: number;
}

export interface LiteTensor {
  readonly index: number;
  /** As in the file: may be empty, or the name of others too. */
  readonly name: string;
  readonly type: DType;
  readonly shape: readonly number[];
  /** The shape with −1 where a dimension is open; absent where the file has none. */
  readonly signature: readonly number[] | undefined;
  /** Little-endian values, a view into the file, where the tensor is a constant. */
  readonly data: Uint8Array | undefined;
  readonly quantization: Quantization | undefined;
  /** Keeps its value from run to run, zeros at first. */
  readonly isVariable: boolean;
  readonly place: string;
}

export interface LiteOperator {
  /** The builtin operator, or `CUSTOM name`. */
  readonly name: string;
  /** Indices of tensors; −1 for an optional one that is left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: FlatTable | undefined;
  /** Of a convolution that was three operators: height and width, and padding [top, left, bottom, right]. */
  readonly dilated?: { readonly dilations: readonly number[]; readonly pads: readonly number[] };
  readonly place: string;
}

export interface LiteGraph {
  readonly tensors: readonly LiteTensor[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** In the order in which they run. */
  readonly operators: readonly LiteOperator[];
}

export interface LiteModel {
  /** The first subgraph, which is the model. */
  readonly graph: LiteGraph;
  /** How many other subgraphs there are. */
  readonly others: number;
}
