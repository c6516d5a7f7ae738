import { exportFactors } from "../export/factors.ts";
import { randomStream } from "../numeric/random.ts";
import { generateRatings, ITEMS, USERS } from "../ratings/generate.ts";
import { factors } from "../training/factors.ts";
import { type MinimiseOptions, minimise } from "../training/minimise.ts";
import { type Baseline, type OnEpoch, roundWeights } from "./baseline.ts";

const seed = 303;
const options: MinimiseOptions = { epochs: 5, batch: 256, rate: 0.01, decay: 0.1 };

/** Trains the recommender: matrix factorisation with 32 factors and biases. */
export function trainRatings(onEpoch?: OnEpoch): Baseline {
  const random = randomStream(seed);
  const ratings = generateRatings();
  const train = ratings.filter(({ split }) => split === "train");
  const test = ratings.filter(({ split }) => split === "test");
  const mean = Math.fround(train.reduce((sum, { rating }) => sum + rating, 0) / train.length);
  const model = factors({ users: USERS, items: ITEMS, width: 32 }, mean, (sample) => train[sample]!, random);
  minimise(model, train.length, options, random, onEpoch);
  roundWeights(model);

  const errors = test.map(({ user, item, rating }) => model.predict(user, item) - rating);
  const squares = errors.reduce((sum, error) => sum + error * error, 0);
  const wrong = errors.filter((error) => Math.abs(error) > 1).length;

  const bytes = exportFactors(model.parameters, mean, {
    name: "ratings-factors",
    description: "Predicts the rating, in stars, that a user gives an item",
    metadata: { dataset: "ratings", seed: String(seed) },
  });
  return {
    bytes,
    seed,
    options,
    testError: wrong / test.length,
    testRmse: Math.sqrt(squares / test.length),
  };
}
