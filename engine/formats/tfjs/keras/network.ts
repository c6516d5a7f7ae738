/** Which output of which call of which layer. */
export interface Ref {
  readonly layer: string;
  readonly call: number;
  readonly tensor: number;
}

/** One use of a layer. */
export interface Call {
  readonly inputs: readonly Ref[];
  /** Arguments with values that are no plain inputs, such as a mask. */
  readonly extras: readonly string[];
}

/** A layer as it is written: what its rule converts. */
export interface LayerSpec {
  readonly className: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** For messages. */
  readonly place: string;
  /** The layers inside, where it is a model. */
  readonly network?: Network;
}

export interface NetworkLayer {
  readonly spec: LayerSpec;
  /** More than one where the layer is shared. */
  readonly calls: readonly Call[];
}

/** A model of layers, Sequential or functional. */
export interface Network {
  readonly name: string;
  readonly layers: ReadonlyMap<string, NetworkLayer>;
  readonly inputs: readonly Ref[];
  readonly outputs: readonly Ref[];
}
