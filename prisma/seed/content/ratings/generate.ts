import { type Random, randomStream } from "../numeric/random.ts";

export const RATINGS_SEED = 1_968;

export const USERS = 1_000;
export const ITEMS = 700;

/** Ratings per user; calibration has one rating of each of the first 300 users. */
export const ratingsPerUser = { train: 80, tuning: 8, test: 12 } as const;
export const CALIBRATION = 300;

/** The world behind the ratings: rating = mean + user + item + taste·trait + noise, in stars. */
export const world = {
  mean: 3.4,
  userDeviation: 0.35,
  itemDeviation: 0.45,
  traits: 8,
  /** Standard deviation of taste·trait. */
  tasteDeviation: 0.7,
  /** What no model can predict: moods and slips. */
  noiseDeviation: 0.42,
  /** Ratings are given in half stars from 1 to 5. */
  lowest: 1,
  highest: 5,
  step: 0.5,
} as const;

export type RatingSplit = "train" | "tuning" | "calibration" | "test";

export interface Rating {
  user: number;
  item: number;
  rating: number;
  split: RatingSplit;
}

function normals(count: number, deviation: number, random: Random): number[] {
  return Array.from({ length: count }, () => deviation * random.normal());
}

/** Distinct items, popular ones (low numbers) more likely, in random order. */
function drawItems(items: readonly number[], count: number, random: Random): number[] {
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(random.pickZipf(items, 120));
  return [...chosen];
}

function roundToStep(value: number): number {
  const stars = Math.floor(value / world.step + 0.5) * world.step;
  return Math.min(world.highest, Math.max(world.lowest, stars));
}

/** All ratings, user by user. A pair of user and item occurs once, in one split. */
export function generateRatings(): Rating[] {
  const random = randomStream(RATINGS_SEED);
  const userBias = normals(USERS, world.userDeviation, random);
  const itemBias = normals(ITEMS, world.itemDeviation, random);
  // A product of two normals of deviation s has deviation s²; a sum of n such products √n·s².
  const deviation = Math.sqrt(world.tasteDeviation / Math.sqrt(world.traits));
  const taste = normals(USERS * world.traits, deviation, random);
  const trait = normals(ITEMS * world.traits, deviation, random);
  const items = random.shuffle(Array.from({ length: ITEMS }, (_, item) => item));

  const rate = (user: number, item: number) => {
    let value = world.mean + userBias[user]! + itemBias[item]! + world.noiseDeviation * random.normal();
    for (let t = 0; t < world.traits; t++) {
      value += taste[user * world.traits + t]! * trait[item * world.traits + t]!;
    }
    return roundToStep(value);
  };

  const ratings: Rating[] = [];
  const { train, tuning, test } = ratingsPerUser;
  for (let user = 0; user < USERS; user++) {
    const calibration = user < CALIBRATION ? 1 : 0;
    const chosen = drawItems(items, train + tuning + test + calibration, random);
    chosen.forEach((item, i) => {
      const split =
        i < train
          ? "train"
          : i < train + tuning
            ? "tuning"
            : i < train + tuning + test
              ? "test"
              : "calibration";
      ratings.push({ user, item, rating: rate(user, item), split });
    });
  }
  return ratings;
}
