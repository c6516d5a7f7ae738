import type { Random } from "../numeric/random.ts";
import type { Tensor } from "../types.ts";

/** A trainable tensor, row major, with its gradient summed over the current batch and Adam's two moments. */
export interface Parameter {
  name: string;
  dims: number[];
  value: Float64Array;
  gradient: Float64Array;
  mean: Float64Array;
  variance: Float64Array;
}

/** A parameter drawn from a normal distribution of the given standard deviation (0 for zeros). */
export function parameter(name: string, dims: number[], deviation: number, random: Random): Parameter {
  const size = dims.reduce((product, dim) => product * dim, 1);
  const value = new Float64Array(size);
  if (deviation !== 0) for (let i = 0; i < size; i++) value[i] = deviation * random.normal();
  return {
    name,
    dims,
    value,
    gradient: new Float64Array(size),
    mean: new Float64Array(size),
    variance: new Float64Array(size),
  };
}

/** The parameter's value rounded to float32, the form in which it leaves for the model file. */
export function tensorOf({ dims, value }: Parameter): Tensor {
  return { dims, data: Float32Array.from(value) };
}
