import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { expectSame, type Trial } from "../testing/compare.ts";
import { chain, value } from "../testing/sequential.ts";

const { layers } = tf;

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const isRecord = (json: unknown): json is Record<string, unknown> =>
  typeof json === "object" && json !== null;

/** Every object of a topology, changed in place. */
function everywhere(json: unknown, change: (object: Record<string, unknown>) => void): void {
  if (!isRecord(json)) return;
  for (const inner of Object.values(json)) everywhere(inner, change);
  if (!Array.isArray(json)) change(json);
}

/** From the lists in which Keras 2 writes calls to the objects of Keras 3. */
const asKeras3: Trial["edit"] = ({ json }) => {
  const tensor = (ref: unknown) => {
    if (!Array.isArray(ref)) throw new Error("no reference");
    return {
      class_name: "__keras_tensor__",
      config: { shape: [null, 1], dtype: "float32", keras_history: ref.slice(0, 3) },
    };
  };
  everywhere(json.modelTopology, (object) => {
    const { inbound_nodes: nodes, batch_input_shape: shape } = object;
    if (shape !== undefined) {
      object.batch_shape = shape;
      delete object.batch_input_shape;
      object.dtype = { module: "keras", class_name: "DTypePolicy", config: { name: "float32" } };
    }
    if (!Array.isArray(nodes)) return;
    object.module = "keras.layers";
    object.inbound_nodes = nodes.map((node: unknown) => {
      const list = Array.isArray(node) ? node.map(tensor) : [];
      return { args: list.length === 1 ? list : [list], kwargs: { training: false } };
    });
  });
  const { config } = json.modelTopology;
  // Keras 3 writes the only output of a model without a list around it.
  if (isRecord(config)) {
    for (const key of ["input_layers", "output_layers"]) {
      const refs = config[key];
      if (Array.isArray(refs) && refs.length === 1) config[key] = refs[0];
    }
  }
  delete json.format;
};

function forked(): tf.LayersModel {
  const [a, b] = [tf.input({ shape: [4], name: "left" }), tf.input({ shape: [4], name: "right" })];
  const shared = layers.dense({ units: 4, activation: "tanh" });
  const once = [value(shared, a), value(shared, b)];
  const sum = value(layers.add(), once);
  const again = value(shared, sum);
  const head = value(layers.dense({ units: 2, name: "head" }), value(layers.concatenate(), [again, a]));
  return tf.model({ inputs: [a, b], outputs: [head, sum, again] });
}

function nested(): tf.LayersModel {
  const inner = tf.input({ shape: [4] });
  const dense = layers.dense({ units: 4 });
  const first = value(dense, inner);
  const block = tf.model({ inputs: inner, outputs: [value(dense, first), first], name: "block" });
  const tail = tf.sequential({
    name: "tail",
    layers: [layers.dense({ units: 3, inputShape: [4] }), layers.reLU()],
  });
  const input = tf.input({ shape: [4] });
  const apply = (x: tf.SymbolicTensor) => {
    const result = block.apply(x);
    if (!Array.isArray(result)) throw new Error("one value");
    return result.flatMap((one) => (one instanceof tf.SymbolicTensor ? one : []));
  };
  const [y] = apply(input);
  const [, z] = apply(y ?? input);
  return tf.model({ inputs: input, outputs: [value(tail, z ?? input), value(tail, y ?? input)] });
}

const models = {
  forked,
  nested,
  line: () => chain([6, 6, 2], layers.conv2d({ filters: 2, kernelSize: 3 }), layers.flatten()),
};

describe.each(Object.entries(models))("a model that is %s", (_, make) => {
  it("as TensorFlow.js writes it", async () => {
    await expectSame(make());
  });

  it("as Keras 3 writes it, without a format", async () => {
    await expectSame(make(), { edit: asKeras3 });
  });

  it("inside of what Keras hands over", async () => {
    await expectSame(make(), {
      edit: ({ json }) => {
        json.modelTopology = {
          keras_version: "2.2.4",
          backend: "tensorflow",
          model_config: json.modelTopology,
        };
      },
    });
  });
});

describe("a model", () => {
  it("keeps the names of its inputs and outputs, in their order", async () => {
    const { model, operators } = await expectSame(forked());
    expect(model.graph.input.map(({ name }) => name)).toEqual(["left", "right"]);
    const [head, , again] = model.graph.output.map(({ name }) => name);
    expect(head).toBe("head");
    expect(again).toMatch(/^dense_Dense\d+$/);
    expect(operators).toEqual({ Dense: 2, Add: 1, Concatenate: 1 });
    // A layer that is called three times has one kernel.
    expect(model.graph.initializer.map(({ dims }) => dims)).toEqual([[4, 4], [4], [8, 2], [2]]);
  });

  it("is named by its first layer where it is Sequential", async () => {
    const model = tf.sequential({
      layers: [
        layers.dense({ units: 3, inputShape: [4], name: "first" }),
        layers.dense({ units: 2, name: "last" }),
      ],
    });
    const { model: onnx } = await expectSame(model);
    expect(onnx.graph.input.map(({ name }) => name)).toEqual(["first_input"]);
    expect(onnx.graph.output.map(({ name }) => name)).toEqual(["last"]);
  });

  it("may be a list of layers, as Keras wrote before 2.2.3", async () => {
    const model = tf.sequential({
      layers: [layers.dense({ units: 3, inputShape: [4] }), layers.dense({ units: 2 })],
    });
    await expectSame(model, {
      edit: ({ json }) => {
        const { config } = json.modelTopology;
        json.modelTopology.config = isRecord(config) ? config.layers : config;
      },
    });
  });

  it("may hand on its own input, and one value twice", async () => {
    const input = tf.input({ shape: [4] });
    const y = value(layers.reLU(), input);
    await expectSame(tf.model({ inputs: input, outputs: [y, input] }));
    const dropped = value(layers.dropout({ rate: 0.5 }), y);
    await expectSame(tf.model({ inputs: input, outputs: [y, dropped] }));
  });

  it("finds weights under the names that Keras and TensorFlow give them", async () => {
    const rename = (change: (name: string) => string): Trial => ({
      edit: ({ json }) => {
        for (const group of json.weightsManifest) {
          group.weights = group.weights.map((weight) => ({ ...weight, name: change(weight.name) }));
        }
      },
    });
    const make = () =>
      chain(
        [5, 3],
        layers.lstm({ units: 2, returnSequences: true }),
        layers.gru({ units: 2 }),
        layers.dense({ units: 2 }),
      );
    await expectSame(
      make(),
      rename((name) => `model_3/${name}`),
    );
    await expectSame(
      make(),
      rename((name) => `${name}:0`),
    );
    await expectSame(
      make(),
      rename((name) => name.replace(/^((lstm|gru)_\w+)\//, "$1/$2_cell_4/")),
    );
    const numbers: Record<string, string> = { kernel: "0", recurrent_kernel: "1", bias: "2" };
    await expectSame(
      make(),
      rename((name) => {
        const [layer = "", variable = ""] = name.split("/");
        const at = layer.startsWith("dense") && variable === "bias" ? "1" : numbers[variable];
        return `_layer_checkpoint_dependencies/${layer}/${layer.startsWith("dense") ? "" : "cell/"}vars/${at}`;
      }),
    );
  });

  it("is refused with everything that is missing", async () => {
    const model = chain(
      [6, 6, 2],
      layers.conv2d({ filters: 2, kernelSize: 1 }),
      layers.upSampling2d({}),
      layers.flatten(),
      layers.dense({ units: 2 }),
    );
    const edit: Trial["edit"] = ({ json }) => {
      const text = JSON.stringify(json.modelTopology)
        .replace('"Conv2D"', '"Lambda"')
        .replace('"activation":"linear"', '"activation":"snake"')
        .replace('"class_name":"Flatten"', '"class_name":"constructor"');
      json.modelTopology = JSON.parse(text);
    };
    await expect(expectSame(model, { edit })).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringMatching(/Lambda \(.*constructor \(/),
    });
  });
});
