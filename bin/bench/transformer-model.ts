import { makeFloat, makeInt, makeInts, makeNode } from "#engine/onnx/attributes.ts";
import { makeGraph, makeModel, makeValue } from "#engine/onnx/build.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Attribute, Model, Node, Tensor } from "#engine/onnx/model.ts";

export interface TransformerShape {
  readonly vocabulary: number;
  readonly positions: number;
  readonly width: number;
  readonly inner: number;
  readonly layers: number;
  readonly heads: number;
}

/** The shape of BERT-base (Devlin et al. 2019, arXiv 1810.04805): 109 million parameters. */
export const bertBase: TransformerShape = {
  vocabulary: 30_522,
  positions: 512,
  width: 768,
  inner: 3_072,
  layers: 12,
  heads: 12,
};

/** Marsaglia's xorshift of 32 bits: fast, and the same numbers everywhere. Twelve uniform values make a normal one. */
function normals(count: number, seed: number, scale: number): Float32Array {
  const out = new Float32Array(count);
  let state = seed | 1;
  for (let at = 0; at < count; at++) {
    let sum = 0;
    for (let part = 0; part < 4; part++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      sum += (state >>> 0) / 2 ** 32;
    }
    // Four uniform values have the variance 1/3.
    out[at] = (sum - 2) * Math.sqrt(3) * scale;
  }
  return out;
}

class Builder {
  readonly nodes: Node[] = [];
  readonly initializers: Tensor[] = [];
  #seed = 1;

  weight(name: string, dims: number[], scale: number): string {
    const count = dims.reduce((a, b) => a * b, 1);
    this.initializers.push(makeTensor(name, "float32", dims, normals(count, 7919 * this.#seed++, scale)));
    return name;
  }

  constant(name: string, dims: number[], value: number): string {
    const count = dims.reduce((a, b) => a * b, 1);
    this.initializers.push(makeTensor(name, "float32", dims, new Float32Array(count).fill(value)));
    return name;
  }

  node(opType: string, input: string[], output: string, attribute: Attribute[] = []): string {
    this.nodes.push(makeNode(opType, input, [output], { name: `${output}/${opType}`, attribute }));
    return output;
  }

  dense(name: string, input: string, from: number, to: number): string {
    const product = this.node(
      "MatMul",
      [input, this.weight(`${name}.weight`, [from, to], 0.02)],
      `${name}.product`,
    );
    return this.node("Add", [product, this.weight(`${name}.bias`, [to], 0.02)], `${name}.out`);
  }

  normalise(name: string, input: string, width: number): string {
    const gamma = this.constant(`${name}.gamma`, [width], 1);
    const beta = this.constant(`${name}.beta`, [width], 0);
    return this.node("LayerNormalization", [input, gamma, beta], `${name}.out`, [
      makeInt("axis", -1),
      makeFloat("epsilon", 1e-12),
    ]);
  }
}

/**
 * An encoder of the transformer family with random weights, as exporters write it: token and position embeddings,
 * attention by MatMul and Softmax, Gelu by Erf, layer normalisation; input `ids` int64 [batch, sequence].
 */
export function transformerModel(shape: TransformerShape): Model {
  const { vocabulary, positions, width, inner, layers, heads } = shape;
  const b = new Builder();
  const split = makeTensor("split", "int64", [4], BigInt64Array.of(0n, 0n, BigInt(heads), -1n));
  const join = makeTensor("join", "int64", [3], BigInt64Array.of(0n, 0n, BigInt(width)));
  const one = makeTensor("one", "int64", [1], BigInt64Array.of(1n));
  const zero = makeTensor("zero", "int64", [1], BigInt64Array.of(0n));
  const two = makeTensor("two", "int64", [1], BigInt64Array.of(2n));
  b.initializers.push(split, join, zero, one, two);
  b.constant("root", [], Math.sqrt(width / heads));
  b.constant("sqrt2", [], Math.SQRT2);
  b.constant("half", [], 0.5);
  b.constant("unit", [], 1);
  const tokens = b.node("Gather", [b.weight("embeddings.token", [vocabulary, width], 0.02), "ids"], "tokens");
  b.node("Shape", ["ids"], "shape");
  b.node("Slice", ["shape", "one", "two", "zero"], "length");
  const places = b.node(
    "Slice",
    [b.weight("embeddings.position", [positions, width], 0.02), "zero", "length", "zero"],
    "places",
  );
  let x = b.normalise("embeddings.norm", b.node("Add", [tokens, places], "embedded"), width);
  for (let layer = 0; layer < layers; layer++) {
    const name = `layer${layer}`;
    const headsOf = (part: string, perm: bigint[]) => {
      const flat = b.dense(`${name}.${part}`, x, width, width);
      const parted = b.node("Reshape", [flat, "split"], `${name}.${part}.parted`);
      return b.node("Transpose", [parted], `${name}.${part}.heads`, [{ name: "perm", ints: perm, type: 7 }]);
    };
    const q = headsOf("query", [0n, 2n, 1n, 3n]);
    const k = headsOf("key", [0n, 2n, 3n, 1n]);
    const v = headsOf("value", [0n, 2n, 1n, 3n]);
    const scores = b.node("Div", [b.node("MatMul", [q, k], `${name}.products`), "root"], `${name}.scores`);
    const shares = b.node("Softmax", [scores], `${name}.shares`, [makeInt("axis", -1)]);
    const mixed = b.node("Transpose", [b.node("MatMul", [shares, v], `${name}.mixed`)], `${name}.back`, [
      makeInts("perm", [0n, 2n, 1n, 3n]),
    ]);
    const joined = b.node("Reshape", [mixed, "join"], `${name}.joined`);
    const attended = b.dense(`${name}.output`, joined, width, width);
    x = b.normalise(`${name}.norm1`, b.node("Add", [attended, x], `${name}.sum1`), width);
    const up = b.dense(`${name}.up`, x, width, inner);
    const erf = b.node("Erf", [b.node("Div", [up, "sqrt2"], `${name}.scaled`)], `${name}.erf`);
    const gate = b.node("Mul", [b.node("Add", [erf, "unit"], `${name}.shifted`), "half"], `${name}.gate`);
    const down = b.dense(`${name}.down`, b.node("Mul", [up, gate], `${name}.gelu`), inner, width);
    x = b.normalise(`${name}.norm2`, b.node("Add", [down, x], `${name}.sum2`), width);
  }
  b.node("Identity", [x], "hidden");
  const graph = makeGraph({
    name: "transformer",
    node: b.nodes,
    input: [makeValue("ids", "int64", ["batch", "sequence"])],
    output: [makeValue("hidden", "float32", ["batch", "sequence", width])],
    initializer: b.initializers,
  });
  return makeModel(graph, { opset: 17 });
}
