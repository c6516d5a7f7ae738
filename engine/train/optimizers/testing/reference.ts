import type { OptimizerOptions } from "../optimizer.schema.ts";

const f = Math.fround;

export interface State {
  readonly w: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/** One update in plain TypeScript, rounded as the kernels round. */
export function referenceUpdate(
  { w, first, second }: State,
  gradients: Float32Array,
  options: OptimizerOptions,
  updates: number,
  rate: number,
  scale: number,
): void {
  const decay = f(options.weight_decay);
  gradients.forEach((raw, at) => {
    const old = w[at] ?? 0;
    if (options.kind === "sgd") {
      const [momentum, step] = [f(options.momentum), f(rate)];
      const g = f(f(raw * f(scale)) + f(old * decay));
      const velocity = f(f((first[at] ?? 0) * momentum) + g);
      first[at] = velocity;
      w[at] = old - f((options.nesterov ? f(g + f(velocity * momentum)) : velocity) * step);
      return;
    }
    const { beta1, beta2, epsilon, kind } = options;
    const g = f(f(raw * f(scale)) + f(old * (kind === "adam" ? decay : 0)));
    const keep = f(kind === "adamw" ? 1 - rate * options.weight_decay : 1);
    const mean = f((first[at] ?? 0) + f(f(g - (first[at] ?? 0)) * f(1 - beta1)));
    const power = f((second[at] ?? 0) + f(f(f(g * g) - (second[at] ?? 0)) * f(1 - beta2)));
    first[at] = mean;
    second[at] = power;
    const step = f(rate / (1 - beta1 ** (updates + 1)));
    const root = f(1 / Math.sqrt(1 - beta2 ** (updates + 1)));
    const below = f(f(f(Math.sqrt(power)) * root) + f(epsilon));
    w[at] = f(old * keep) - f(f(mean * step) / below);
  });
}
