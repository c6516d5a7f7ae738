import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { converted, expectOutput, expectSame } from "../testing/compare.ts";
import { chain, symbolic, value } from "../testing/sequential.ts";

const { layers } = tf;

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const makers = { lstm: layers.lstm, gru: layers.gru, simpleRNN: layers.simpleRNN } as const;
const kinds = ["lstm", "gru", "simpleRNN"] as const;
// Bounded: with others the state grows from step to step as a power of a power, and no two ways of rounding stay together.
const gates = fc.constantFrom("tanh" as const, "sigmoid" as const, "hardSigmoid" as const);

function made(kind: (typeof kinds)[number], options: Parameters<typeof layers.gru>[0]): tf.RNN {
  const layer = makers[kind](options);
  if (layer instanceof tf.RNN) return layer;
  throw new Error("not a recurrent layer");
}

describe.each(kinds)("%s", (kind) => {
  it("with every combination of options", async () => {
    const options = fc.record({
      units: fc.integer({ min: 1, max: 5 }),
      useBias: fc.boolean(),
      returnSequences: fc.boolean(),
      returnState: fc.boolean(),
      goBackwards: fc.boolean(),
      activation: fc.constantFrom("tanh" as const, "linear" as const, "softsign" as const, "elu" as const),
      recurrentActivation: gates,
    });
    const cases = fc.record({
      options,
      steps: fc.integer({ min: 1, max: 6 }),
      width: fc.integer({ min: 1, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ options: how, steps, width }) => {
        // Cells that are not bounded grow from step to step.
        await expectSame(chain([steps, width], made(kind, how)), { scales: [1, 4, 0] });
      }),
      { numRuns: 40 },
    );
  });

  it("with gates that are not bounded, for two steps", async () => {
    for (const recurrentActivation of ["relu", "elu", "softsign", "softplus", "linear"] as const) {
      await expectSame(chain([2, 3], made(kind, { units: 4, recurrentActivation })), { scales: [0.5, 0] });
    }
  });

  it("with extreme inputs", async () => {
    for (const recurrentActivation of ["sigmoid", "hardSigmoid"] as const) {
      await expectSame(chain([5, 3], made(kind, { units: 4, recurrentActivation })));
    }
  });

  it("with the functions that are meant where none is written", async () => {
    await expectSame(chain([5, 3], made(kind, { units: 4 })), {
      edit: ({ json }) => {
        const text = JSON.stringify(json.modelTopology).replace(/"(recurrent_)?activation":"\w+",/g, "");
        json.modelTopology = JSON.parse(text);
      },
    });
  });

  it("over sequences of any length", async () => {
    await expectSame(chain([null, 3], made(kind, { units: 4, returnSequences: true, activation: "tanh" })));
  });

  it("from states that are given", async () => {
    const input = tf.input({ shape: [4, 3] });
    const states = Array.from({ length: kind === "lstm" ? 2 : 1 }, () => tf.input({ shape: [5] }));
    const layer = made(kind, { units: 5, recurrentActivation: "sigmoid" });
    const result = layer.apply(input, { initialState: states });
    const outputs = symbolic(result instanceof tf.Tensor ? [] : result);
    await expectSame(tf.model({ inputs: [input, ...states], outputs }));
  });

  it.each(["concat", "sum", "mul", "ave", null] as const)(
    "in both directions, merged by %s",
    async (mergeMode) => {
      for (const returnSequences of [true, false]) {
        for (const returnState of [true, false]) {
          const layer = made(kind, { units: 3, returnSequences, returnState });
          // The types leave out that null keeps both.
          const options = { layer, mergeMode: mergeMode as "concat" };
          await expectSame(chain([4, 2], layers.bidirectional(options)));
        }
      }
    },
  );
});

describe("a GRU that resets behind the product, which TensorFlow.js does not run", () => {
  it("computes Keras's formula", async () => {
    const [units, width, steps] = [3, 2, 4];
    const model = chain([steps, width], layers.gru({ units, recurrentActivation: "sigmoid" }));
    const gates = 3 * units;
    const rows = tf.randomNormal([2, gates], 0, 1, "float32", 5);
    const bias = rows.dataSync();
    let both: tf.Tensor[] = [];
    const onnx = await converted(model, {
      edit: (files) => {
        const text = JSON.stringify(files.json.modelTopology).replace(
          '"reset_after":false',
          '"reset_after":true',
        );
        files.json.modelTopology = JSON.parse(text);
        const group = files.json.weightsManifest[0];
        const last = group?.weights.at(-1);
        if (group === undefined || last === undefined) throw new Error("no weights");
        group.weights = [...group.weights.slice(0, -1), { ...last, shape: [2, gates] }];
        const bytes = new Uint8Array(files.weights.length + 4 * gates);
        bytes.set(files.weights);
        bytes.set(new Uint8Array(Float32Array.from(bias).buffer), files.weights.length - 4 * gates);
        Object.assign(files, { weights: bytes });
        both = model.getWeights();
      },
    });
    const [kernel, recurrent] = both;
    if (kernel === undefined || recurrent === undefined) throw new Error("no weights");
    const x = tf.randomNormal([2, steps, width], 0, 1, "float32", 6);
    // z r h: h' = z h + (1 − z) tanh(x W + b₀ + r (h U + b₁)).
    let h: tf.Tensor = tf.zeros([2, units]);
    for (let step = 0; step < steps; step++) {
      const now = tf.reshape(tf.slice(x, [0, step, 0], [2, 1, width]), [2, width]);
      const [xz, xr, xh] = tf.split(
        tf.add(tf.matMul(now, kernel.as2D(width, gates)), tf.gather(rows, 0)),
        3,
        1,
      );
      const [hz, hr, hh] = tf.split(
        tf.add(tf.matMul(h.as2D(2, units), recurrent.as2D(units, gates)), tf.gather(rows, 1)),
        3,
        1,
      );
      if (!xz || !xr || !xh || !hz || !hr || !hh) throw new Error("no gates");
      const z = tf.sigmoid(tf.add(xz, hz));
      const candidate = tf.tanh(tf.add(xh, tf.mul(tf.sigmoid(tf.add(xr, hr)), hh)));
      h = tf.add(tf.mul(z, h), tf.mul(tf.sub(1, z), candidate));
    }
    await expectOutput(onnx, x, h);
  });
});

describe("layers around layers", () => {
  it("each step by itself", async () => {
    await expectSame(
      chain([4, 3], layers.timeDistributed({ layer: layers.dense({ units: 2, activation: "relu" }) })),
    );
    const conv = layers.conv2d({ filters: 2, kernelSize: 3, padding: "same" });
    await expectSame(chain([4, 5, 5, 3], layers.timeDistributed({ layer: conv })));
    await expectSame(chain([4, 5, 3], layers.timeDistributed({ layer: layers.flatten() })));
  });

  it("rows of a table, from whole numbers in either type", async () => {
    const options = { indices: 9 };
    await expectSame(chain([6], layers.embedding({ inputDim: 9, outputDim: 4 })), options);
    const input = tf.input({ shape: [6], dtype: "int32" });
    const rows = value(layers.embedding({ inputDim: 9, outputDim: 4 }), input);
    const model = tf.model({ inputs: input, outputs: value(layers.lstm({ units: 3 }), rows) });
    const { model: onnx } = await expectSame(model, options);
    expect(onnx.graph.input[0]?.type?.tensorType?.elemType).toBe(6);
  });

  it("refuses a mask where it would count, and drops it where it does not", async () => {
    const masked = (...after: Parameters<typeof chain>[1][]) =>
      chain([6], layers.embedding({ inputDim: 9, outputDim: 4, maskZero: true }), ...after);
    await expect(expectSame(masked(layers.lstm({ units: 3 })), { indices: 9 })).rejects.toThrow(
      /LSTM over a sequence with a mask/,
    );
    await expect(
      expectSame(masked(layers.dropout({ rate: 0.5 }), layers.gru({ units: 3 })), { indices: 9 }),
    ).rejects.toThrow(/GRU over a sequence with a mask/);
    await expect(expectSame(masked(layers.globalAveragePooling1d()), { indices: 9 })).rejects.toThrow(
      /GlobalAveragePooling1D over a sequence with a mask/,
    );
    await expectSame(masked(layers.activation({ activation: "tanh" })), { indices: 9 });
    await expectSame(
      chain([4, 3], layers.masking({ maskValue: 0 }), layers.activation({ activation: "tanh" })),
    );
  });
});
