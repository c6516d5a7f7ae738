import type { Random } from "../numeric/random.ts";
import type { Trainable } from "./minimise.ts";
import { parameter } from "./parameter.ts";

export interface Factors extends Trainable {
  predict(user: number, item: number): number;
}

/** A rating that the model learns from. */
export interface Observation {
  user: number;
  item: number;
  rating: number;
}

/**
 * Matrix factorisation (Koren, Bell and Volinsky, 2009, equation 4): rating = mean + bias of the user + bias of the
 * item + the inner product of their factors, trained on half the squared error. The mean is that of the training
 * ratings and is not trained.
 */
export function factors(
  sizes: { users: number; items: number; width: number },
  mean: number,
  observation: (sample: number) => Observation,
  random: Random,
): Factors {
  const { width } = sizes;
  const users = parameter("user.factors", [sizes.users, width], 0.1, random);
  const items = parameter("item.factors", [sizes.items, width], 0.1, random);
  const userBias = parameter("user.bias", [sizes.users], 0, random);
  const itemBias = parameter("item.bias", [sizes.items], 0, random);

  const predict = (user: number, item: number) => {
    let sum = mean + userBias.value[user]! + itemBias.value[item]!;
    for (let d = 0; d < width; d++) sum += users.value[user * width + d]! * items.value[item * width + d]!;
    return sum;
  };

  return {
    parameters: [users, items, userBias, itemBias],
    predict,
    accumulate(sample) {
      const { user, item, rating } = observation(sample);
      const error = predict(user, item) - rating;
      userBias.gradient[user]! += error;
      itemBias.gradient[item]! += error;
      for (let d = 0; d < width; d++) {
        const u = user * width + d;
        const i = item * width + d;
        users.gradient[u]! += error * items.value[i]!;
        items.gradient[i]! += error * users.value[u]!;
      }
      return error * error;
    },
  };
}
