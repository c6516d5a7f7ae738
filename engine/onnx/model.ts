/**
 * The ONNX model as plain, mutable objects that passes edit in place. One interface per protobuf message of ONNX
 * (IR versions 1 to 13), field names in camel case.
 *
 * Conventions:
 * - An optional field that is `undefined` was absent in the file and is not written; an optional list that is
 *   absent and an empty one mean the same. Lists that nearly every message has are always there.
 * - `bigint` holds an int64 that may legally exceed 2^53 (attribute values, int64 data). Dimensions, versions and
 *   counts are `number`: the decoder refuses values outside the safe integers there.
 * - `Uint8Array` values are views into the decoded file, never copies: do not write into them, replace them.
 * - `unknown` keeps fields that this table does not know, so that nothing is lost between reading and writing.
 */

import type { LazyBytes } from "./lazy.ts";

/** A field of a newer ONNX version or of a vendor, kept as written: tag and payload. */
export interface UnknownField {
  readonly field: number;
  readonly bytes: Uint8Array;
}

export interface Message {
  unknown?: UnknownField[];
}

export interface Model extends Message {
  irVersion?: number;
  producerName?: string;
  producerVersion?: string;
  domain?: string;
  modelVersion?: bigint;
  docString?: string;
  graph: Graph;
  /** Empty only below IR version 3, where opset 1 of the default domain is meant. */
  opsetImport: OpsetId[];
  metadataProps?: KeyValue[];
  trainingInfo?: TrainingInfo[];
  functions?: FunctionDef[];
  configuration?: DeviceConfiguration[];
}

export interface OpsetId extends Message {
  /** Absent or "" is the default domain, the same as "ai.onnx". */
  domain?: string;
  version?: number;
}

export interface KeyValue extends Message {
  key?: string;
  value?: string;
}

export interface Graph extends Message {
  node: Node[];
  name?: string;
  initializer: Tensor[];
  docString?: string;
  input: ValueInfo[];
  output: ValueInfo[];
  valueInfo: ValueInfo[];
  quantizationAnnotation?: TensorAnnotation[];
  sparseInitializer?: SparseTensor[];
  metadataProps?: KeyValue[];
}

export interface Node extends Message {
  /** Names of values; "" marks an optional input that is left out. */
  input: string[];
  /** Names of values; "" marks an optional output that is not wanted. */
  output: string[];
  name?: string;
  opType: string;
  attribute: Attribute[];
  docString?: string;
  domain?: string;
  overload?: string;
  metadataProps?: KeyValue[];
  deviceConfigurations?: NodeDeviceConfiguration[];
}

/** Codes of `Attribute.type`. */
export const attributeType = {
  undefined: 0,
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
  tensors: 9,
  graphs: 10,
  sparseTensor: 11,
  sparseTensors: 12,
  typeProto: 13,
  typeProtos: 14,
} as const;

/** Exactly one value field is set; `type` says which (absent in IR version 1). */
export interface Attribute extends Message {
  name: string;
  f?: number;
  i?: bigint;
  /** UTF-8, see `stringAttribute`. */
  s?: Uint8Array;
  t?: Tensor;
  g?: Graph;
  floats?: number[];
  ints?: bigint[];
  strings?: Uint8Array[];
  tensors?: Tensor[];
  graphs?: Graph[];
  docString?: string;
  tp?: Type;
  typeProtos?: Type[];
  type?: number;
  /** Inside a function: the name of the function's attribute that this one takes its value from. */
  refAttrName?: string;
  sparseTensor?: SparseTensor;
  sparseTensors?: SparseTensor[];
}

export interface Tensor extends Message {
  /** Empty for a scalar. */
  dims: number[];
  /** Code of `dtypes.ts`. */
  dataType: number;
  segment?: Segment;
  /** float32 and complex64. */
  floatData?: Float32Array;
  /** int32, and bit patterns of every type of 16 bits or less. */
  int32Data?: Int32Array;
  stringData?: Uint8Array[];
  int64Data?: BigInt64Array;
  name?: string;
  /** Little-endian, row-major. Wins over the typed lists where both are present. */
  rawData?: Uint8Array | LazyBytes;
  /** float64 and complex128. */
  doubleData?: Float64Array;
  /** uint32 and uint64. */
  uint64Data?: BigUint64Array;
  docString?: string;
  externalData?: KeyValue[];
  /** 1 means that the bytes are in another file, see `external.ts`. */
  dataLocation?: number;
  metadataProps?: KeyValue[];
}

export interface Segment extends Message {
  begin?: bigint;
  end?: bigint;
}

export interface SparseTensor extends Message {
  /** Shape [nnz]; its name is the name of the sparse tensor. */
  values?: Tensor;
  /** Shape [nnz, rank], or [nnz] with linear indices. */
  indices?: Tensor;
  dims: number[];
}

export interface TensorAnnotation extends Message {
  tensorName?: string;
  quantParameterTensorNames?: KeyValue[];
}

export interface ValueInfo extends Message {
  name: string;
  type?: Type;
  docString?: string;
  metadataProps?: KeyValue[];
}

/** One of the `…Type` fields is set, or none where the type is unknown. */
export interface Type extends Message {
  tensorType?: TensorType;
  sequenceType?: ElementType;
  mapType?: MapType;
  denotation?: string;
  opaqueType?: OpaqueType;
  sparseTensorType?: TensorType;
  optionalType?: ElementType;
}

export interface TensorType extends Message {
  elemType?: number;
  /** Absent: even the rank is unknown. */
  shape?: Shape;
}

export interface ElementType extends Message {
  elemType?: Type;
}

export interface MapType extends Message {
  keyType?: number;
  valueType?: Type;
}

export interface OpaqueType extends Message {
  domain?: string;
  name?: string;
}

export interface Shape extends Message {
  dim: Dimension[];
}

/** `dimValue` or `dimParam` (a symbol) or neither (unknown). */
export interface Dimension extends Message {
  dimValue?: number;
  dimParam?: string;
  denotation?: string;
}

export interface TrainingInfo extends Message {
  initialization?: Graph;
  algorithm?: Graph;
  initializationBinding?: KeyValue[];
  updateBinding?: KeyValue[];
}

export interface FunctionDef extends Message {
  name: string;
  input: string[];
  output: string[];
  /** Names of attributes without a default. */
  attribute?: string[];
  node: Node[];
  docString?: string;
  opsetImport: OpsetId[];
  domain?: string;
  /** Attributes with a default. */
  attributeProto?: Attribute[];
  valueInfo?: ValueInfo[];
  overload?: string;
  metadataProps?: KeyValue[];
}

export interface DeviceConfiguration extends Message {
  name?: string;
  numDevices?: number;
  device?: string[];
}

export interface NodeDeviceConfiguration extends Message {
  configurationId?: string;
  shardingSpec?: ShardingSpec[];
  pipelineStage?: number;
}

export interface ShardingSpec extends Message {
  tensorName?: string;
  device?: bigint[];
  indexToDeviceGroupMap?: IntIntList[];
  shardedDim?: ShardedDim[];
}

export interface IntIntList extends Message {
  key?: bigint;
  value?: bigint[];
}

export interface ShardedDim extends Message {
  axis?: bigint;
  simpleSharding?: SimpleShardedDim[];
}

export interface SimpleShardedDim extends Message {
  dimValue?: bigint;
  dimParam?: string;
  numShards?: bigint;
}
