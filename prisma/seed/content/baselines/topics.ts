import { parseManifest } from "#engine/evaluate/dataset/manifest.ts";
import { parseVocabulary, wordEncoder } from "#engine/evaluate/dataset/words.ts";
import { exportBag } from "../export/bag.ts";
import { randomStream } from "../numeric/random.ts";
import { topicsManifest, vocabularyFile } from "../topics/dataset.ts";
import { generateTopics } from "../topics/generate.ts";
import { topicLexicons } from "../topics/lexicon/index.ts";
import { buildVocabulary, LENGTH } from "../topics/vocabulary.ts";
import { bag } from "../training/bag.ts";
import { argMax } from "../training/crossEntropy.ts";
import { type MinimiseOptions, minimise } from "../training/minimise.ts";
import { type Baseline, type OnEpoch, roundWeights } from "./baseline.ts";

const seed = 202;
const options: MinimiseOptions = { epochs: 5, batch: 64, rate: 0.003, decay: 0.1 };

/** Trains the topic classifier: embeddings of width 64, a hidden layer of 64. Words are encoded by the manifest. */
export function trainTopics(onEpoch?: OnEpoch): Baseline {
  const random = randomStream(seed);
  const texts = generateTopics();
  const vocabulary = buildVocabulary(texts);
  const [input] = parseManifest(topicsManifest).inputs;
  if (input === undefined) throw new Error("the manifest of topics has no input");
  const encode = wordEncoder(input, parseVocabulary(vocabularyFile(vocabulary), "vocabulary.txt"));
  const encoded = texts.map(({ text, label, split }) => {
    const ids = new Float64Array(LENGTH);
    encode(text, ids, () => text);
    return { ids, label, split };
  });
  const train = encoded.filter(({ split }) => split === "train");
  const test = encoded.filter(({ split }) => split === "test");

  const sizes = { vocabulary: vocabulary.length, width: 64, hidden: 64, classes: topicLexicons.length };
  const model = bag(
    sizes,
    (sample) => train[sample]!.ids,
    (sample) => train[sample]!.label,
    random,
  );
  minimise(model, train.length, options, random, onEpoch);
  roundWeights(model);
  const wrong = test.filter(({ ids, label }) => argMax(model.logits(ids)) !== label).length;

  const bytes = exportBag(model.parameters, LENGTH, {
    name: "topics-bag",
    description: `Classifies short texts by topic: ${LENGTH} word indices, 0 = padding, 1 = unknown → logits of 8 topics`,
    metadata: {
      dataset: "topics",
      seed: String(seed),
      classes: topicLexicons.map(({ name }) => name).join(","),
    },
  });
  return { bytes, seed, options, testError: wrong / test.length };
}
