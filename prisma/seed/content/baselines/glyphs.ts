import { exportMlp } from "../export/mlp.ts";
import { SIDE } from "../glyphs/canvas.ts";
import { type GlyphSet, generateGlyphs } from "../glyphs/generate.ts";
import { shapes } from "../glyphs/shapes.ts";
import { randomStream } from "../numeric/random.ts";
import { argMax } from "../training/crossEntropy.ts";
import { type MinimiseOptions, minimise } from "../training/minimise.ts";
import { mlp } from "../training/mlp.ts";
import { type Baseline, type OnEpoch, roundWeights } from "./baseline.ts";

const seed = 101;
const options: MinimiseOptions = { epochs: 9, batch: 64, rate: 0.002, decay: 0.02 };

/** Scales as the manifest does: 1 / 255. */
function reader({ images }: GlyphSet) {
  const size = SIDE * SIDE;
  return (sample: number, x: Float64Array) => {
    for (let i = 0; i < size; i++) x[i] = images[sample * size + i]! / 255;
  };
}

/** Trains the glyph classifier, an MLP 784-128-64-10. */
export function trainGlyphs(onEpoch?: OnEpoch): Baseline {
  const random = randomStream(seed);
  const train = generateGlyphs("train");
  const model = mlp(
    [SIDE * SIDE, 128, 64, shapes.length],
    reader(train),
    (sample) => train.labels[sample]!,
    random,
  );
  minimise(model, train.labels.length, options, random, onEpoch);
  roundWeights(model);

  const test = generateGlyphs("test");
  const read = reader(test);
  const x = new Float64Array(SIDE * SIDE);
  const wrong = test.labels.reduce((count, label, sample) => {
    read(sample, x);
    return count + (argMax(model.logits(x)) === label ? 0 : 1);
  }, 0);

  const bytes = exportMlp(model.parameters, SIDE, {
    name: "glyphs-mlp",
    description:
      "Classifies hand-drawn glyphs: grey image of 28 by 28 pixels from 0 to 1 → logits of 10 classes",
    metadata: { dataset: "glyphs", seed: String(seed), classes: shapes.map(({ name }) => name).join(",") },
  });
  return { bytes, seed, options, testError: wrong / test.labels.length };
}
