import { z } from "zod";
import { maxRank } from "../artifact/limits.ts";
import { isActivation } from "../graph/activation.ts";

/** A count of units, filters, steps. */
export const size = z
  .int()
  .min(1)
  .max(2 ** 31 - 1);

/** One number for all spatial axes, or one for each. */
export const sizes = z.union([size.transform((one) => [one]), z.array(size).min(1).max(maxRank)]);

/** The number for each of `rank` axes, from one number or a list of them; undefined where the list does not fit. */
export function spread(list: readonly number[], rank: number): number[] | undefined {
  const [one = 1] = list;
  if (list.length === 1) return Array.from({ length: rank }, () => one);
  return list.length === rank ? [...list] : undefined;
}

export const axis = z.int().min(-maxRank).max(maxRank);

/** One axis or a list of them. */
export const axes = z.union([axis.transform((one) => [one]), z.array(axis).min(1).max(maxRank)]);

/** On unless switched off: Keras leaves out what is the default. */
export const on = z
  .boolean()
  .nullish()
  .transform((value) => value ?? true);

export const off = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

/** A number with a default. */
export function number(standard: number) {
  return z
    .number()
    .nullish()
    .transform((value) => value ?? standard);
}

const empty = z.union([z.null(), z.object({}).strict()]).optional();

/**
 * A function by name or as an object that names it; TensorFlow.js also writes `hardSigmoid` for `hard_sigmoid`. An object
 * with options is none of those that are known.
 */
const named = z.union([
  z.string(),
  z.object({ class_name: z.literal("function"), config: z.string() }).transform((value) => value.config),
  z.object({ class_name: z.string(), config: empty }).transform((value) => value.class_name),
  z.object({ class_name: z.string() }).transform((value) => `${value.class_name} with options`),
]);

/** @param standard what it is where nothing is written; null is linear */
export function activationOr(standard: string) {
  return named.nullish().transform((value) => snakeOf(value === undefined ? standard : (value ?? "linear")));
}

export const activation = activationOr("linear");

function snakeOf(name: string): string {
  if (isActivation(name)) return name;
  const snake = name.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
  return isActivation(snake) ? snake : name;
}

export const dataFormat = z
  .enum(["channels_last", "channels_first", "channelsLast", "channelsFirst"])
  .nullish()
  .transform((value) => value === "channels_first" || value === "channelsFirst");
