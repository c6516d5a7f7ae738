import type { Lane, TrainingMemory } from "./memory.ts";
import type { OptimizerOptions } from "./optimizer.schema.ts";

/** What an optimiser remembers of each weight. */
export function lanesOf(options: OptimizerOptions): readonly Lane[] {
  return options.kind === "sgd" ? ["first"] : ["first", "second"];
}

export interface UpdateReport {
  /** Euclidean norm of all gradients before clipping. */
  readonly gradientNorm: number;
}

/**
 * Moves the weights of a memory against their gradients.
 *
 * @param updates how many there have been before this one
 * @param rate the step size of this update
 * @param gradients lane of the gradients, and the factor that makes a mean of their sum
 * @param decays the parameters that `weight_decay` is for
 */
export function update(
  memory: TrainingMemory,
  options: OptimizerOptions,
  updates: number,
  rate: number,
  gradients: { readonly lane: Lane; readonly factor: number },
  decays: ReadonlySet<string>,
): UpdateReport {
  const { kernels } = memory;
  const from = memory.start(gradients.lane);
  const gradientNorm = Math.sqrt(kernels.sumSquares(from, memory.length)) * gradients.factor;
  const { clip_norm: most } = options;
  const clip = most !== undefined && gradientNorm > most ? most / gradientNorm : 1;
  const scale = gradients.factor * clip;
  const [w, first] = [memory.start("weights"), memory.start("first")];
  for (const { at, length, isDecayed } of runs(memory, decays)) {
    const decay = isDecayed ? options.weight_decay : 0;
    if (options.kind === "sgd") {
      const { momentum, nesterov } = options;
      kernels.sgd(w + at, from + at, first + at, length, scale, decay, rate, momentum, nesterov ? 1 : 0);
      continue;
    }
    const { beta1, beta2, epsilon, kind } = options;
    const coupled = kind === "adam" ? decay : 0;
    const keep = kind === "adamw" ? 1 - rate * decay : 1;
    const step = rate / (1 - beta1 ** (updates + 1));
    const root = 1 / Math.sqrt(1 - beta2 ** (updates + 1));
    const v = memory.start("second") + at;
    const shares = [1 - beta1, 1 - beta2] as const;
    kernels.adam(
      w + at,
      from + at,
      first + at,
      v,
      length,
      scale,
      coupled,
      keep,
      step,
      ...shares,
      root,
      epsilon,
    );
  }
  if (memory.has("mask")) kernels.multiply(w, memory.start("mask"), memory.length);
  return { gradientNorm };
}

/** Neighbouring parameters of the same decay, together. */
function runs(memory: TrainingMemory, decays: ReadonlySet<string>) {
  const found: { at: number; length: number; isDecayed: boolean }[] = [];
  for (const { name } of memory.parameters) {
    const { at, length } = memory.range(name);
    const isDecayed = decays.has(name);
    const last = found.at(-1);
    if (last?.isDecayed === isDecayed) last.length += length;
    else found.push({ at, length, isDecayed });
  }
  return found;
}
