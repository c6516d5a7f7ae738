/**
 * Field table of the ONNX protobuf messages: number, kind and cardinality of every field, checked by the compiler
 * against the interfaces of `model.ts`. Numbers and packing follow the published format of ONNX 1.19 (IR 12/13):
 * lists of scalars are written unpacked except the `…Data` lists of a tensor.
 */
import type * as M from "./model.ts";

export interface Messages {
  Model: M.Model;
  OpsetId: M.OpsetId;
  KeyValue: M.KeyValue;
  Graph: M.Graph;
  Node: M.Node;
  Attribute: M.Attribute;
  Tensor: M.Tensor;
  Segment: M.Segment;
  SparseTensor: M.SparseTensor;
  TensorAnnotation: M.TensorAnnotation;
  ValueInfo: M.ValueInfo;
  Type: M.Type;
  TensorType: M.TensorType;
  ElementType: M.ElementType;
  MapType: M.MapType;
  OpaqueType: M.OpaqueType;
  Shape: M.Shape;
  Dimension: M.Dimension;
  TrainingInfo: M.TrainingInfo;
  FunctionDef: M.FunctionDef;
  DeviceConfiguration: M.DeviceConfiguration;
  NodeDeviceConfiguration: M.NodeDeviceConfiguration;
  ShardingSpec: M.ShardingSpec;
  IntIntList: M.IntIntList;
  ShardedDim: M.ShardedDim;
  SimpleShardedDim: M.SimpleShardedDim;
}

export type MessageName = keyof Messages;

/**
 * `int` is a varint kept as a number: int32, enums, and int64 fields that hold dimensions, versions and counts.
 * The `…Array` kinds are packed lists kept as typed arrays.
 */
type ScalarKind = "string" | "bytes" | "int" | "int64" | "float";
export type ArrayKind = "floatArray" | "doubleArray" | "int32Array" | "int64Array" | "uint64Array";

export interface ArrayOf {
  floatArray: Float32Array;
  doubleArray: Float64Array;
  int32Array: Int32Array;
  int64Array: BigInt64Array;
  uint64Array: BigUint64Array;
}

export interface FieldSpec {
  readonly no: number;
  readonly kind: ScalarKind | ArrayKind | MessageName;
  /** A list: `always` there (empty where absent), or `sparse`: undefined where absent. */
  readonly list?: "always" | "sparse";
  /** A scalar that every valid message has: always there and always written. */
  readonly required?: boolean;
}

type KindOfScalar<V> = V extends string
  ? "string"
  : V extends number
    ? "int" | "float"
    : V extends bigint
      ? "int64"
      : V extends Uint8Array
        ? "bytes"
        : {
            [K in MessageName]: Messages[K] extends V ? (V extends Messages[K] ? K : never) : never;
          }[MessageName];
type KindOfArray<V> = { [K in ArrayKind]: V extends ArrayOf[K] ? K : never }[ArrayKind];

type SpecOf<V, Optional extends boolean> = V extends readonly (infer E)[]
  ? { no: number; kind: KindOfScalar<E>; list: Optional extends true ? "sparse" : "always" }
  : [KindOfArray<V>] extends [never]
    ? { no: number; kind: KindOfScalar<V>; required?: Optional extends true ? never : true }
    : { no: number; kind: KindOfArray<V> };

type IsOptional<T, K extends keyof T> = undefined extends T[K] ? true : false;
type Table<T> = {
  [K in Exclude<keyof T, "unknown">]-?: SpecOf<NonNullable<T[K]>, IsOptional<T, K>>;
};

const metadata = { kind: "KeyValue", list: "sparse" } as const;

const schema = {
  Model: {
    irVersion: { no: 1, kind: "int" },
    producerName: { no: 2, kind: "string" },
    producerVersion: { no: 3, kind: "string" },
    domain: { no: 4, kind: "string" },
    modelVersion: { no: 5, kind: "int64" },
    docString: { no: 6, kind: "string" },
    graph: { no: 7, kind: "Graph", required: true },
    opsetImport: { no: 8, kind: "OpsetId", list: "always" },
    metadataProps: { no: 14, ...metadata },
    trainingInfo: { no: 20, kind: "TrainingInfo", list: "sparse" },
    functions: { no: 25, kind: "FunctionDef", list: "sparse" },
    configuration: { no: 26, kind: "DeviceConfiguration", list: "sparse" },
  },
  OpsetId: {
    domain: { no: 1, kind: "string" },
    version: { no: 2, kind: "int" },
  },
  KeyValue: {
    key: { no: 1, kind: "string" },
    value: { no: 2, kind: "string" },
  },
  Graph: {
    node: { no: 1, kind: "Node", list: "always" },
    name: { no: 2, kind: "string" },
    initializer: { no: 5, kind: "Tensor", list: "always" },
    docString: { no: 10, kind: "string" },
    input: { no: 11, kind: "ValueInfo", list: "always" },
    output: { no: 12, kind: "ValueInfo", list: "always" },
    valueInfo: { no: 13, kind: "ValueInfo", list: "always" },
    quantizationAnnotation: { no: 14, kind: "TensorAnnotation", list: "sparse" },
    sparseInitializer: { no: 15, kind: "SparseTensor", list: "sparse" },
    metadataProps: { no: 16, ...metadata },
  },
  Node: {
    input: { no: 1, kind: "string", list: "always" },
    output: { no: 2, kind: "string", list: "always" },
    name: { no: 3, kind: "string" },
    opType: { no: 4, kind: "string", required: true },
    attribute: { no: 5, kind: "Attribute", list: "always" },
    docString: { no: 6, kind: "string" },
    domain: { no: 7, kind: "string" },
    overload: { no: 8, kind: "string" },
    metadataProps: { no: 9, ...metadata },
    deviceConfigurations: { no: 10, kind: "NodeDeviceConfiguration", list: "sparse" },
  },
  Attribute: {
    name: { no: 1, kind: "string", required: true },
    f: { no: 2, kind: "float" },
    i: { no: 3, kind: "int64" },
    s: { no: 4, kind: "bytes" },
    t: { no: 5, kind: "Tensor" },
    g: { no: 6, kind: "Graph" },
    floats: { no: 7, kind: "float", list: "sparse" },
    ints: { no: 8, kind: "int64", list: "sparse" },
    strings: { no: 9, kind: "bytes", list: "sparse" },
    tensors: { no: 10, kind: "Tensor", list: "sparse" },
    graphs: { no: 11, kind: "Graph", list: "sparse" },
    docString: { no: 13, kind: "string" },
    tp: { no: 14, kind: "Type" },
    typeProtos: { no: 15, kind: "Type", list: "sparse" },
    type: { no: 20, kind: "int" },
    refAttrName: { no: 21, kind: "string" },
    sparseTensor: { no: 22, kind: "SparseTensor" },
    sparseTensors: { no: 23, kind: "SparseTensor", list: "sparse" },
  },
  Tensor: {
    dims: { no: 1, kind: "int", list: "always" },
    dataType: { no: 2, kind: "int", required: true },
    segment: { no: 3, kind: "Segment" },
    floatData: { no: 4, kind: "floatArray" },
    int32Data: { no: 5, kind: "int32Array" },
    stringData: { no: 6, kind: "bytes", list: "sparse" },
    int64Data: { no: 7, kind: "int64Array" },
    name: { no: 8, kind: "string" },
    rawData: { no: 9, kind: "bytes" },
    doubleData: { no: 10, kind: "doubleArray" },
    uint64Data: { no: 11, kind: "uint64Array" },
    docString: { no: 12, kind: "string" },
    externalData: { no: 13, ...metadata },
    dataLocation: { no: 14, kind: "int" },
    metadataProps: { no: 16, ...metadata },
  },
  Segment: {
    begin: { no: 1, kind: "int64" },
    end: { no: 2, kind: "int64" },
  },
  SparseTensor: {
    values: { no: 1, kind: "Tensor" },
    indices: { no: 2, kind: "Tensor" },
    dims: { no: 3, kind: "int", list: "always" },
  },
  TensorAnnotation: {
    tensorName: { no: 1, kind: "string" },
    quantParameterTensorNames: { no: 2, ...metadata },
  },
  ValueInfo: {
    name: { no: 1, kind: "string", required: true },
    type: { no: 2, kind: "Type" },
    docString: { no: 3, kind: "string" },
    metadataProps: { no: 4, ...metadata },
  },
  Type: {
    tensorType: { no: 1, kind: "TensorType" },
    sequenceType: { no: 4, kind: "ElementType" },
    mapType: { no: 5, kind: "MapType" },
    denotation: { no: 6, kind: "string" },
    opaqueType: { no: 7, kind: "OpaqueType" },
    sparseTensorType: { no: 8, kind: "TensorType" },
    optionalType: { no: 9, kind: "ElementType" },
  },
  TensorType: {
    elemType: { no: 1, kind: "int" },
    shape: { no: 2, kind: "Shape" },
  },
  ElementType: {
    elemType: { no: 1, kind: "Type" },
  },
  MapType: {
    keyType: { no: 1, kind: "int" },
    valueType: { no: 2, kind: "Type" },
  },
  OpaqueType: {
    domain: { no: 1, kind: "string" },
    name: { no: 2, kind: "string" },
  },
  Shape: {
    dim: { no: 1, kind: "Dimension", list: "always" },
  },
  Dimension: {
    dimValue: { no: 1, kind: "int" },
    dimParam: { no: 2, kind: "string" },
    denotation: { no: 3, kind: "string" },
  },
  TrainingInfo: {
    initialization: { no: 1, kind: "Graph" },
    algorithm: { no: 2, kind: "Graph" },
    initializationBinding: { no: 3, ...metadata },
    updateBinding: { no: 4, ...metadata },
  },
  FunctionDef: {
    name: { no: 1, kind: "string", required: true },
    input: { no: 4, kind: "string", list: "always" },
    output: { no: 5, kind: "string", list: "always" },
    attribute: { no: 6, kind: "string", list: "sparse" },
    node: { no: 7, kind: "Node", list: "always" },
    docString: { no: 8, kind: "string" },
    opsetImport: { no: 9, kind: "OpsetId", list: "always" },
    domain: { no: 10, kind: "string" },
    attributeProto: { no: 11, kind: "Attribute", list: "sparse" },
    valueInfo: { no: 12, kind: "ValueInfo", list: "sparse" },
    overload: { no: 13, kind: "string" },
    metadataProps: { no: 14, ...metadata },
  },
  DeviceConfiguration: {
    name: { no: 1, kind: "string" },
    numDevices: { no: 2, kind: "int" },
    device: { no: 3, kind: "string", list: "sparse" },
  },
  NodeDeviceConfiguration: {
    configurationId: { no: 1, kind: "string" },
    shardingSpec: { no: 2, kind: "ShardingSpec", list: "sparse" },
    pipelineStage: { no: 3, kind: "int" },
  },
  ShardingSpec: {
    tensorName: { no: 1, kind: "string" },
    device: { no: 2, kind: "int64", list: "sparse" },
    indexToDeviceGroupMap: { no: 3, kind: "IntIntList", list: "sparse" },
    shardedDim: { no: 4, kind: "ShardedDim", list: "sparse" },
  },
  IntIntList: {
    key: { no: 1, kind: "int64" },
    value: { no: 2, kind: "int64", list: "sparse" },
  },
  ShardedDim: {
    axis: { no: 1, kind: "int64" },
    simpleSharding: { no: 2, kind: "SimpleShardedDim", list: "sparse" },
  },
  SimpleShardedDim: {
    dimValue: { no: 1, kind: "int64" },
    dimParam: { no: 2, kind: "string" },
    numShards: { no: 3, kind: "int64" },
  },
} as const satisfies { [K in MessageName]: Table<Messages[K]> };

/** A field with its name in the TypeScript objects. */
export interface NamedField extends FieldSpec {
  readonly name: string;
  /** The kind where it is a message. */
  readonly message: MessageName | undefined;
}

/** Fields of a message by rising number: the order in which they are written. */
export const fieldsOf: ReadonlyMap<MessageName, readonly NamedField[]> = new Map(
  (Object.keys(schema) as MessageName[]).map((message) => [
    message,
    Object.entries<FieldSpec>(schema[message])
      .map(([name, spec]) => ({
        ...spec,
        name,
        message: isMessageKind(spec.kind) ? spec.kind : undefined,
      }))
      .sort((a, b) => a.no - b.no),
  ]),
);

export function isMessageKind(kind: FieldSpec["kind"]): kind is MessageName {
  return kind in schema;
}
