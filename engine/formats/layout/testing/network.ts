import { makeInt, makeInts, makeString } from "#engine/onnx/attributes.ts";
import type { Attribute, Model, Node, Tensor, ValueInfo } from "#engine/onnx/model.ts";
import { floats, graph, int64s, model, node, value, weight } from "#engine/passes/testing/build.ts";

/** A network with the channels last, whose convolutions have a transposition before and after, as converters write them. */
export class Network {
  readonly nodes: Node[] = [];
  readonly inputs: ValueInfo[] = [];
  readonly #tensors: Tensor[] = [];
  readonly #outputs: string[] = [];
  readonly channels: number;
  readonly side: number;
  #made = 0;

  /** The input is `x`, [batch, side, side, channels]. */
  constructor(channels: number, side: number) {
    this.channels = channels;
    this.side = side;
    this.inputs.push(value("x", ["batch", side, side, channels]));
  }

  op(type: string, input: string[], attribute: Attribute[] = []): string {
    const output = `v${this.#made++}`;
    this.nodes.push(node(type, input, [output], attribute));
    return output;
  }

  output(name: string): void {
    if (name !== "x" && !this.#outputs.includes(name)) this.#outputs.push(name);
  }

  conv(x: string, inputs = this.channels): string {
    const first = this.op("Transpose", [x], [makeInts("perm", [0, 3, 1, 2])]);
    const dims = [this.channels, inputs, 1, 1];
    const w = this.#tensor((name) => weight(name, dims, this.#made));
    const y = this.op("Conv", [first, w]);
    return this.op("Transpose", [y], [makeInts("perm", [0, 2, 3, 1])]);
  }

  relu(x: string): string {
    return this.op("Relu", [x]);
  }

  bias(x: string): string {
    return this.op("Add", [x, this.#tensor((name) => weight(name, [this.channels], this.#made))]);
  }

  residual(x: string, inner: (x: string) => string): string {
    return this.op("Add", [x, inner(x)]);
  }

  mean(x: string, keeps: boolean): string {
    const axes = this.#tensor((name) => int64s(name, [1, 2]));
    return this.op("ReduceMean", [x, axes], [makeInt("keepdims", keeps ? 1 : 0)]);
  }

  padded(x: string): string {
    const pads = this.#tensor((name) => int64s(name, [0, 1, 2, 0, 0, 1, 0, 0]));
    return this.op("Pad", [x, pads]);
  }

  sliced(x: string): string {
    const [starts, ends, axes] = [
      [1, 0],
      [5, 4],
      [1, -2],
    ].map((values) => this.#tensor((name) => int64s(name, values)));
    return this.op("Slice", [x, starts ?? "", ends ?? "", axes ?? ""]);
  }

  resized(x: string): string {
    const scales = this.#tensor((name) => floats(name, [4], [1, 2, 2, 1]));
    return this.op("Resize", [x, "", scales], [makeString("mode", "nearest")]);
  }

  flat(x: string): string {
    const count = this.channels * this.side * this.side;
    return this.op("Reshape", [x, this.#tensor((name) => int64s(name, [-1, count]))]);
  }

  dense(x: string, inputs = this.channels * this.side * this.side): string {
    return this.op("MatMul", [x, this.#tensor((name) => weight(name, [inputs, 3], this.#made))]);
  }

  /** One of the layers that keep the shape, or a form of two that ends with it. */
  any(which: number, x: string, y: string): string {
    const layers = [
      () => this.conv(x),
      () => this.relu(x),
      () => this.bias(x),
      () => this.op("Add", [x, y]),
      () => this.op("Mul", [x, this.op("Sigmoid", [this.mean(y, true)])]),
      () => this.op("Max", [x, this.conv(y)]),
      () => this.op("Softmax", [x], [makeInt("axis", 3)]),
      () => this.op("Transpose", [x], [makeInts("perm", [0, 2, 1, 3])]),
      () => this.op("Identity", [this.op("Tanh", [x])]),
      () => this.#cut(this.op("Concat", [x, y], [makeInt("axis", 3)])),
      () => this.#whole(this.flat(x)),
      () => this.#whole(this.op("Flatten", [x])),
      () => this.op("Add", [x, this.#tensor((name) => weight(name, [this.side, 1], this.#made))]),
      () =>
        this.op("Tile", [
          this.mean(x, true),
          this.#tensor((name) => int64s(name, [1, this.side, this.side, 1])),
        ]),
    ];
    return layers[which % layers.length]?.() ?? x;
  }

  model(): Model {
    const output = this.#outputs.map((name) => ({ name, type: { tensorType: { elemType: 1 } } }));
    return model(graph({ input: this.inputs, output, node: this.nodes, initializer: this.#tensors }), 18);
  }

  /** The first channels. */
  #cut(x: string): string {
    const [starts, ends, axes] = [[0], [this.channels], [3]].map((values) =>
      this.#tensor((name) => int64s(name, values)),
    );
    return this.op("Slice", [x, starts ?? "", ends ?? "", axes ?? ""]);
  }

  #whole(x: string): string {
    const shape = [-1, this.side, this.side, this.channels];
    return this.op("Reshape", [x, this.#tensor((name) => int64s(name, shape))]);
  }

  #tensor(make: (name: string) => Tensor): string {
    const tensor = make(`w${this.#tensors.length}`);
    this.#tensors.push(tensor);
    return tensor.name ?? "";
  }
}
