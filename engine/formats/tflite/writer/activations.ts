import type { IntegerForm } from "./integers.ts";

/** The activations that operators can have within them, by their code (`ActivationFunctionType` of schema.fbs). */
export const activations = { none: 0, relu: 1, reluN1To1: 2, relu6: 3, tanh: 4 } as const;

/** What a clipping activation clips to; undefined for others. */
export function clipOf(activation: number): { least: number; most: number } | undefined {
  if (activation === activations.relu) return { least: 0, most: Number.POSITIVE_INFINITY };
  if (activation === activations.reluN1To1) return { least: -1, most: 1 };
  if (activation === activations.relu6) return { least: 0, most: 6 };
  return undefined;
}

/**
 * The integers that an activation clips to, as TensorFlow Lite rounds its bounds (`CalculateActivationRangeQuantized` of
 * tensorflow/lite/kernels/kernel_util.cc: zero point + round(bound / scale), halves away from zero); undefined where the
 * range of the type does it by itself.
 */
export function integerClip(
  { least, most }: { least: number; most: number },
  form: IntegerForm,
): { least: number; most: number } | undefined {
  const [scale = 1] = form.scales;
  const [zero = 0] = form.zeroPoints;
  const integer = (bound: number) =>
    zero + Math.sign(bound) * Math.floor(Math.fround(Math.abs(bound) / scale) + 0.5);
  const lower = Math.min(form.most, Math.max(form.least, integer(least)));
  const upper = Math.max(form.least, Math.min(form.most, integer(most)));
  return lower === form.least && upper === form.most ? undefined : { least: lower, most: upper };
}
