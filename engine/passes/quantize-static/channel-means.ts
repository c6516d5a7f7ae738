import type { HostTensor } from "#engine/evaluate/tensors/tensor.ts";

/** Means of a value's channels over everything that was seen, in float64. */
export class ChannelMeans {
  readonly #axis: number;
  #sums: Float64Array | undefined;
  #count = 0;

  /** @param axis of the channels; below 0 from the end */
  constructor(axis: number) {
    this.#axis = axis;
  }

  /**
   * @param share of the first axis that counts: what fills up a fixed batch does not
   */
  observe({ data, dims }: HostTensor, share = 1): void {
    if (!(data instanceof Float32Array) || data.length === 0) return;
    const axis = this.#axis < 0 ? dims.length + this.#axis : this.#axis;
    const channels = dims[axis] ?? 1;
    const inner = dims.slice(axis + 1).reduce((a, b) => a * b, 1);
    this.#sums ??= new Float64Array(channels);
    const sums = this.#sums;
    if (sums.length !== channels) return;
    const end = axis === 0 ? data.length : Math.round(data.length * share);
    for (let start = 0, channel = 0; start < end; start += inner) {
      let sum = 0;
      for (let at = start; at < start + inner; at++) sum += data[at] ?? 0;
      sums[channel] = (sums[channel] ?? 0) + sum;
      channel = (channel + 1) % channels;
    }
    this.#count += end / channels;
  }

  /** Undefined where nothing was seen or a mean is not finite. */
  means(): Float64Array | undefined {
    const means = this.#sums?.map((sum) => sum / this.#count);
    return means?.every(Number.isFinite) ? means : undefined;
  }
}
