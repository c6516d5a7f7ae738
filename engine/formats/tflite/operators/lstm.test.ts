import * as fc from "fast-check";
import { expect, it } from "vitest";
import { randomStream } from "#engine/evaluate/statistics/random.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import { InferenceSession, Tensor } from "#engine/runtime/onnxruntime.ts";
import { filesOf } from "../../source.ts";
import { convertTensorFlowLite } from "../convert.ts";
import { optionTables } from "../reader/options.ts";
import { buildModel, type TensorSpec } from "../testing/build.ts";
import { size } from "../testing/describe-operator.ts";
import { type LstmWeights, lstmReference } from "../testing/lstm-reference.ts";

interface Layer {
  readonly batch: number;
  readonly steps: number;
  readonly depth: number;
  readonly units: number;
  readonly timeMajor: number;
  readonly hasPeepholes: boolean;
  readonly isHybrid: boolean;
  readonly seed: number;
}

const layers: fc.Arbitrary<Layer> = fc.record({
  batch: size(1, 3),
  steps: size(1, 4),
  depth: size(1, 4),
  units: size(1, 4),
  timeMajor: fc.constantFrom(0, 1),
  hasPeepholes: fc.boolean(),
  isHybrid: fc.boolean(),
  seed: fc.nat(1000),
});

const scale = Math.fround(1 / 127);

/** Weights that int8 with one scale holds exactly, so that both forms are the same numbers. */
function weightsOf({ depth, units, hasPeepholes, seed }: Layer): LstmWeights {
  const random = randomStream(seed);
  const row = (length: number) => Array.from({ length }, () => (random.below(255) - 127) * scale);
  const matrix = (columns: number) => Array.from({ length: units }, () => row(columns));
  const gates = [0, 1, 2, 3];
  return {
    input: gates.map(() => matrix(depth)),
    recurrent: gates.map(() => matrix(units)),
    peepholes: gates.map((gate) => (hasPeepholes && gate !== 2 ? row(units) : undefined)),
    biases: gates.map(() => row(units)),
  };
}

function lstm(layer: Layer, weights: LstmWeights, clip = 0): Uint8Array {
  const { batch, steps, depth, units, timeMajor, isHybrid } = layer;
  const tensors: TensorSpec[] = [];
  const add = (tensor: TensorSpec) => tensors.push(tensor) - 1;
  const matrix = (rows: readonly (readonly number[])[]) => {
    const shape = [rows.length, rows[0]?.length ?? 0];
    return isHybrid
      ? add({ shape, type: "int8", scale, data: rows.flat().map((value) => Math.round(value / scale)) })
      : add({ shape, data: rows.flat() });
  };
  const list = (values: readonly number[] | undefined) =>
    values === undefined ? -1 : add({ shape: [units], data: values });
  const lead = timeMajor === 1 ? [steps, batch] : [batch, steps];
  const state = { shape: [batch, units], isVariable: true };
  const inputs = [
    add({ shape: [...lead, depth] }),
    ...weights.input.map(matrix),
    ...weights.recurrent.map(matrix),
    ...[0, 1, 3].map((gate) => list(weights.peepholes[gate])),
    ...weights.biases.map(list),
    -1,
    -1,
    add(state),
    add(state),
  ];
  const output = add({ shape: [...lead, units] });
  return buildModel({
    tensors,
    inputs: [0],
    outputs: [output],
    operators: [
      {
        name: "UNIDIRECTIONAL_SEQUENCE_LSTM",
        inputs,
        outputs: [output],
        options: {
          union: "UnidirectionalSequenceLSTM",
          fields: optionTables.sequenceLstm,
          values: { activation: 4, timeMajor, cellClip: clip },
        },
      },
    ],
  });
}

it("UNIDIRECTIONAL_SEQUENCE_LSTM computes what its definition says", async () => {
  await fc.assert(
    fc.asyncProperty(layers, async (layer) => {
      const { batch, steps, depth, timeMajor, seed } = layer;
      const weights = weightsOf(layer);
      const { model } = convertTensorFlowLite(filesOf({ "lstm.tflite": lstm(layer, weights) }));
      const session = await InferenceSession.create(joinChunks(encodeModel(model)));
      for (let run = 0; run < 16; run++) {
        const random = randomStream(seed + run);
        const x = Float32Array.from({ length: batch * steps * depth }, () => 2 * random.normal());
        const lead = timeMajor === 1 ? [steps, batch] : [batch, steps];
        const results = await session.run({ t0: new Tensor("float32", x, [...lead, depth]) });
        const [result] = Object.values(results);
        expect(result?.dims.slice(0, 2)).toEqual(lead);
        const found = Array.from(result?.data ?? [], Number);
        const rowOf = (item: number, step: number) =>
          timeMajor === 1 ? step * batch + item : item * steps + step;
        for (let item = 0; item < batch; item++) {
          const sequence = Array.from({ length: steps }, (_, step) =>
            Array.from(x.subarray(rowOf(item, step) * depth, (rowOf(item, step) + 1) * depth)),
          );
          for (const [step, expected] of lstmReference(sequence, weights).entries())
            for (const [unit, value] of expected.entries())
              expect(
                Math.abs((found[rowOf(item, step) * expected.length + unit] ?? Number.NaN) - value),
              ).toBeLessThan(1e-5);
        }
      }
      await session.release();
    }),
    { numRuns: 16, seed: 5 },
  );
});

it("what ONNX cannot say of an LSTM is refused, and the state is spoken of", () => {
  const layer: Layer = {
    batch: 1,
    steps: 2,
    depth: 3,
    units: 2,
    timeMajor: 0,
    hasPeepholes: false,
    isHybrid: false,
    seed: 1,
  };
  const of = (clip: number) =>
    convertTensorFlowLite(filesOf({ "lstm.tflite": lstm(layer, weightsOf(layer), clip) }));
  expect(() => of(1)).toThrow("UNIDIRECTIONAL_SEQUENCE_LSTM with clipping (operator 0");
  expect(of(0).notes.map(({ key }) => key)).toEqual(["tflite.state"]);
});
